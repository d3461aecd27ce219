#include "tools/fate/interrupts.h"

#include <atomic>
#include <csignal>

namespace fate {
namespace {

std::atomic<int> interrupt_signal{0};

void OnSignal(int signal) {
  interrupt_signal.store(signal);
  std::signal(signal, SIG_DFL);
}

}  // namespace

void CatchInterrupts() {
  std::signal(SIGINT, OnSignal);
  std::signal(SIGTERM, OnSignal);
  // Whoever runs it under nohup wants it to go on.
  if (std::signal(SIGHUP, OnSignal) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
}

analysis::StopToken InterruptToken() { return analysis::StopToken(interrupt_signal); }

int InterruptExitCode() {
  const int signal = interrupt_signal.load();
  return signal == 0 ? 0 : 128 + signal;
}

}  // namespace fate
