// tools/fate/interrupts.h
//
// What signals do to a command. The first one only sets a flag, which the command's stop token
// shows: what is done by then is told and kept. A second one ends the process as usual.
//
// A closed pipe is no signal but a failed write, so that files are kept when nobody reads.
#ifndef TOOLS_FATE_INTERRUPTS_H_
#define TOOLS_FATE_INTERRUPTS_H_

#include "tools/analysis/stop_token.h"

namespace fate {

// From here on SIGINT, SIGTERM and SIGHUP are caught, and SIGPIPE is ignored.
void CatchInterrupts();
// The token that the three signals stop.
analysis::StopToken InterruptToken();
// 128 + the signal once one came, else 0.
int InterruptExitCode();

}  // namespace fate

#endif  // TOOLS_FATE_INTERRUPTS_H_
