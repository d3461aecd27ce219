// scenarios/loader/shipped.h
//
// Scenarios by name: those that travel in the binary, collections of them, and a user's own files.
#ifndef SCENARIOS_LOADER_SHIPPED_H_
#define SCENARIOS_LOADER_SHIPPED_H_

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/embedded.h"
#include "scenarios/loader/loader.h"

namespace loader {

// By the file's stem, by `name:`, or by its claim ("CL:B8", "b8"); null if there is none.
const embedded::EmbeddedFile* FindShipped(std::string_view name);

// Those of one folder ("disasters", "acks"), sorted by path; empty if there is no such folder.
std::vector<const embedded::EmbeddedFile*> ShippedCollection(std::string_view folder);
// The folders that hold scenarios, sorted.
std::vector<std::string> ShippedFolders();
// "b8_leader_dies_before_fetch" of "scenarios/acks/b8_leader_dies_before_fetch.textproto".
std::string_view StemOf(std::string_view path);

// What is called `name`, probably: a shipped scenario, or a folder of them; "" if nothing is near.
std::string NearestShipped(std::string_view name);

// A shipped scenario, or else the user's file of that path. What has a '/' or ends in ".textproto"
// is always a path. Errors name what was probably meant.
LoadResult LoadByName(std::string_view name);

}  // namespace loader

#endif  // SCENARIOS_LOADER_SHIPPED_H_
