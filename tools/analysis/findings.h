#ifndef TMP_FINDINGS_H_
#define TMP_FINDINGS_H_
#include "model/kafka/ledger/verdict.h"
#include "tools/answers/result.pb.h"
#include "tools/render/sentences.h"
namespace analysis {
inline answers::Finding FindingOf(const kafka::Setup& setup, const kafka::Tables& tables,
                                  const kafka::ledger::Finding& finding) {
  answers::Finding out;
  out.set_sentence(render::SentenceOf(setup, tables, finding));
  return out;
}
}  // namespace analysis
namespace render {
inline std::string SentenceOf(const answers::Finding& finding) { return finding.sentence(); }
}
#endif
