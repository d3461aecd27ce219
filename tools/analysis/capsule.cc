#include "tools/analysis/capsule.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/gzip_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <cstring>

#include "sim/hash.h"
#include "tools/answers/capsule.pb.h"

namespace analysis {
namespace {

namespace io = google::protobuf::io;

constexpr std::string_view kMagic(
    "\x89"
    "FATE\r\n\x01",
    8);
constexpr size_t kHeader = 24;
constexpr size_t kUnpackedMax = size_t{1} << 30;

void PutWord(uint64_t word, std::string& out) {
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(word >> shift));
}
uint64_t GetWord(std::string_view bytes) {
  uint64_t word = 0;
  for (int i = 7; i >= 0; --i) word = word << 8 | static_cast<unsigned char>(bytes[i]);
  return word;
}
uint64_t Checksum(std::string_view bytes) { return sim::HashName(bytes); }

}  // namespace

std::string PackCapsule(const answers::Capsule& capsule) {
  std::string body;
  {
    io::StringOutputStream stream(&body);
    io::GzipOutputStream::Options options;
    options.format = io::GzipOutputStream::GZIP;
    options.compression_level = 6;
    io::GzipOutputStream gzip(&stream, options);
    capsule.SerializeToZeroCopyStream(&gzip);
    gzip.Close();
  }
  std::string file(kMagic);
  PutWord(body.size(), file);
  PutWord(Checksum(body), file);
  return file + body;
}

bool HasCapsuleMagic(std::string_view bytes) { return bytes.starts_with(kMagic); }

absl::StatusOr<answers::Capsule> UnpackCapsule(std::string_view bytes) {
  const auto wrong = [](const std::string& what) { return absl::DataLossError(what); };
  if (bytes.substr(0, kMagic.size()) != kMagic.substr(0, bytes.size())) {
    return wrong("is no capsule (*.fate) of this program");
  }
  if (bytes.size() < kHeader) return wrong("is cut off: not even the header is whole");
  const uint64_t length = GetWord(bytes.substr(8));
  const std::string_view body = bytes.substr(kHeader);
  if (body.size() < length) {
    return wrong("is cut off: " + std::to_string(body.size()) + " of " + std::to_string(length) +
                 " bytes are there");
  }
  if (body.size() > length) return wrong("is damaged: there are bytes behind its end");
  if (Checksum(body) != GetWord(bytes.substr(16))) {
    return wrong("is damaged: its checksum does not match");
  }
  io::ArrayInputStream stream(body.data(), static_cast<int>(body.size()));
  io::GzipInputStream gzip(&stream, io::GzipInputStream::GZIP);
  io::CodedInputStream coded(&gzip);
  coded.SetTotalBytesLimit(static_cast<int>(kUnpackedMax));
  answers::Capsule capsule;
  if (!capsule.ParseFromCodedStream(&coded) || !coded.ConsumedEntireMessage()) {
    return wrong("is damaged: its content makes no sense");
  }
  return capsule;
}

}  // namespace analysis
