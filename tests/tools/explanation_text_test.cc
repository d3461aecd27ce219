// An explanation on a terminal and in a ticket: nothing is cut off, nothing is wider than asked,
// and both say what the message says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tools/render/explanation.h"

namespace fate {
namespace {

using answers::Cause;
using answers::Explanation;
using testing::HasSubstr;
using testing::Not;

void AddRow(Explanation& out, uint64_t at_ns, const char* where, const char* what,
            std::vector<answers::Copy> copies, const char* mark = "") {
  auto* row = out.add_chain();
  row->set_at_ns(at_ns);
  row->set_where(where);
  row->set_what(what);
  for (const auto copy : copies) row->add_copies(copy);
  row->set_mark(mark);
}

void AddChain(Explanation& out) {
  using namespace answers;
  for (const char* broker : {"b1", "b2", "b3"}) out.add_brokers(broker);
  AddRow(out, 999'204'000, "broker-1", "appends at 497-499 (page cache), HW stays below",
         {COPY_PAGE_CACHE, COPY_NONE, COPY_NONE});
  AddRow(out, 999'803'000, "producer/shop", "gets the ACK: the application believes it is stored",
         {COPY_PAGE_CACHE, COPY_NONE, COPY_NONE}, "promise made");
  AddRow(out, 1'000'000'000, "FAULT", "broker-1 is killed", {COPY_DEAD, COPY_NONE, COPY_NONE});
  Cause* cause = out.add_causes();
  cause->set_kind(Cause::SETTING);
  cause->set_name("producer:acks=1");
  cause->set_removal("producer:acks=all");
  cause->set_outcome("saved");
  cause->set_confirmation(Cause::CONFIRMED);
}

void AddFigures(Explanation& out) {
  out.mutable_futures()->set_futures(400);
  auto* point = out.mutable_futures()->add_points();
  point->set_name("after append");
  point->set_lost(28);
  point->set_n(400);
  point->set_low(0.049);
  point->set_high(0.099);
  auto* base = out.mutable_what_if()->mutable_base();
  base->set_change("nothing changed");

  base->set_this_run("lost");
  base->set_losing(988);
  base->set_n(1000);
  base->set_low(0.979);
  base->set_high(0.993);
  auto* line = out.mutable_what_if()->add_lines();
  line->set_change("producer:acks=all");
  line->set_this_run("saved");
  line->set_cure(true);
  line->set_n(1000);
  line->set_high(0.004);
  auto* price = line->add_prices();
  price->set_what("produce latency p50");
  price->set_unit("ms");
  price->set_difference(40);
  price->set_low(39.8);
  price->set_high(40.3);
}

// Of a message that its leader alone had.
Explanation Example() {
  Explanation out;
  auto* subject = out.mutable_subject();
  subject->set_message("m#498");
  subject->set_key("7");
  subject->set_partition("orders-0");
  subject->set_offset(498);
  subject->set_fate(answers::LOST_AFTER_ACK);
  subject->set_class_(answers::AS_CONFIGURED);
  out.set_first_sentence(
      "Because acks=1, broker-1 said \"stored\" before any follower had a copy.");
  AddChain(out);
  AddFigures(out);
  out.set_reproduce("fate run b8 --seed 7");
  return out;
}

std::string All(const Explanation& explanation, const render::Style& style, uint32_t width) {
  return render::ChainText(explanation, style, width) +
         render::FuturesText(explanation, style, width) +
         render::WhatIfText(explanation, style, width) + render::EndText(explanation, style, width);
}

TEST(ExplanationText, FitsEveryWidthFrom80On) {
  for (uint32_t width = 80; width <= 120; ++width) {
    std::istringstream lines(All(Example(), render::Style{}, width));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(render::Columns(line), width) << line;
    }
  }
}

TEST(ExplanationText, ShowsTheCopiesBesideEveryRow) {
  const std::string text = render::ChainText(Example(), render::Style{}, 100);
  EXPECT_THAT(text, HasSubstr("b1 b2 b3"));
  EXPECT_THAT(text, HasSubstr("◐  ○  ○"));
  EXPECT_THAT(text, HasSubstr("✖  ○  ○"));
  EXPECT_THAT(text, HasSubstr("✖ on a dead broker"));
}

TEST(ExplanationText, LegendNamesOnlyWhatIsThere) {
  EXPECT_THAT(render::ChainText(Example(), render::Style{}, 100), Not(HasSubstr("on the medium")));
}

TEST(ExplanationText, AsciiIsAscii) {
  const std::string text = All(Example(), render::Style{.ascii = true}, 80);
  for (const char c : text) EXPECT_LT(static_cast<unsigned char>(c), 0x80) << text;
}

TEST(ExplanationText, EveryPercentageCarriesItsInterval) {
  const std::string text = All(Example(), render::Style{}, 100);
  EXPECT_THAT(text, HasSubstr("7 %  (4.9-9.9 %)"));
  EXPECT_THAT(text, HasSubstr("988 of 1 000"));
  EXPECT_THAT(text, HasSubstr("+40.0 ms (+39.8 to +40.3)"));
}

TEST(ExplanationText, WhatIsNamedButNotConfirmedIsMarked) {
  Explanation explanation = Example();
  explanation.mutable_causes(0)->set_confirmation(Cause::NOT_CONFIRMED);
  explanation.mutable_causes(0)->set_outcome("LOST_AFTER_ACK");
  EXPECT_THAT(render::ChainText(explanation, render::Style{}, 100),
              HasSubstr("LOST_AFTER_ACK (not confirmed)"));
}

TEST(ExplanationText, ADifferenceAroundNothingIsNoPrice) {
  Explanation explanation = Example();
  explanation.mutable_what_if()->mutable_lines(0)->mutable_prices(0)->set_low(-1);
  EXPECT_THAT(render::WhatIfText(explanation, render::Style{}, 100), Not(HasSubstr("latency")));
}

TEST(ExplanationMarkdown, PastesIntoATicketWithItsReproduceLine) {
  const std::string text = render::Markdown(Example());
  EXPECT_THAT(text, HasSubstr("## m#498 (key 7, orders-0 offset 498, epoch 0): LOST_AFTER_ACK"));
  EXPECT_THAT(text, HasSubstr("| 0.999 803 | producer/shop |"));
  EXPECT_THAT(text, HasSubstr("Reproduce: `fate run b8 --seed 7`"));
}

TEST(ExplanationMarkdown, ABarInACellDoesNotEndIt) {
  Explanation explanation = Example();
  explanation.mutable_chain(0)->set_what("a|b");
  EXPECT_THAT(render::Markdown(explanation), HasSubstr("a\\|b"));
}

// A run of minutes has times that are wider than most.
TEST(ExplanationText, ALongTimeStaysApartFromThePlace) {
  Explanation out;
  AddChain(out);
  AddRow(out, 121'005'322'000, "broker-1", "restarts", {});
  const std::string text = render::ChainText(out, {}, 80);
  EXPECT_THAT(text, HasSubstr("121.005 322 broker-1"));
  EXPECT_THAT(text, HasSubstr("\n 0.999 204   broker-1"));
}

}  // namespace
}  // namespace fate
