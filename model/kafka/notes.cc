#include "model/kafka/notes.h"

namespace kafka {

const char* NameOf(NoteKind kind) { return Notes::NameOf(kind); }

}  // namespace kafka
