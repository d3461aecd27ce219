// tools/render/demo_text.h
//
// What `fate demo` prints: one message's story on two sides, and what to type next.
#ifndef TOOLS_RENDER_DEMO_TEXT_H_
#define TOOLS_RENDER_DEMO_TEXT_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/kafka/run.h"
#include "tools/answers/result.pb.h"
#include "tools/render/style.h"

namespace render {

// Gathers what mattered to one message: when it was stored where, acknowledged, lost.
class MessageTeller : public kafka::RunWatcher {
 public:
  explicit MessageTeller(uint64_t uid) : uid_(uid) {}

  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
               const kafka::World& world) override;
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  // Of the message, and of brokers, whatever message it was about; "" if it does not matter.
  std::string OfMessage(const sim::Note& note, const kafka::World& world);
  static std::string OfCluster(const sim::Note& note, const kafka::World& world);

  uint64_t uid_;
  int copies_ = 0;
  std::vector<std::string> lines_;
};

struct DemoSide {
  std::string title;
  answers::RunResult result;  // with its sentences
  std::vector<std::string> lines;
};
std::string DemoText(const DemoSide& left, const DemoSide& right, const Style& style);

// The commands that a reader may go on with. `program` is the name that fate was called by.
std::string DemoNextText(const std::string& program, const std::string& scenario, uint64_t seed,
                         const std::string& reproduce);

}  // namespace render

#endif  // TOOLS_RENDER_DEMO_TEXT_H_
