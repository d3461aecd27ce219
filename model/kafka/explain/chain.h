// model/kafka/explain/chain.h
//
// The chain: at most ten rows, in order of time, that mattered to one message.
//
// Found in three steps: everything that is about the message becomes a row with a rank; the rows of
// least rank are left out until ten are left; neighbours that say the same become one.
// Invariants:  (1) never more than kRowsAtMost; (2) a promise, the decisive fault, the deciding
//              election and the end of the last copy are never left out; (3) times never go back.
#ifndef MODEL_KAFKA_EXPLAIN_CHAIN_H_
#define MODEL_KAFKA_EXPLAIN_CHAIN_H_

#include <vector>

#include "model/kafka/explain/faults.h"
#include "model/kafka/explain/inquiry.h"
#include "model/kafka/explain/row.h"

namespace kafka::explain {

constexpr size_t kRowsAtMost = 10;

struct Chain {
  std::vector<Row> rows;
  std::vector<ChainFault> faults;  // the decisive one first
};

Chain TellChain(const Inquiry& inquiry);

// ---- Its parts. ----

// What became of copies: appended, copied, committed, erased, replaced.
void AddLogRows(const Inquiry& inquiry, std::vector<Row>& rows);
// What the producer did and learnt, and what a broker answered.
void AddProducerRows(const Inquiry& inquiry, std::vector<Row>& rows);
// What groups did with it.
void AddConsumerRows(const Inquiry& inquiry, std::vector<Row>& rows);
// What the controller decided between its sending and its end.
void AddControllerRows(const Inquiry& inquiry, std::vector<Row>& rows);
// Of a reordering: the later message that came first.
void AddOvertakingRows(const Inquiry& inquiry, std::vector<Row>& rows);

Row MakeRow(const row::Detail& detail, const RecordedNote& said, uint8_t rank);

}  // namespace kafka::explain

#endif  // MODEL_KAFKA_EXPLAIN_CHAIN_H_
