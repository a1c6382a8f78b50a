#include "ohmlab/lab/results/checkpoint.hpp"

#include <chrono>
#include <thread>
#include <vector>

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using Clock = std::chrono::steady_clock;

TEST_CASE("storing states takes half of a run's time at most, however slow a store is") {
  const TempFolder folder;
  struct Store {
    Clock::time_point begun, ended;
  };
  const auto stores_of = [&](double every, int most) {
    results::Progress progress;
    results::Checkpoint checkpoint(folder / "x.h5", "id", every, progress);
    std::vector<Store> stores;
    for (int n = 0; n < most && stores.size() < 4; ++n) {
      checkpoint.reached([&](core::Archive&) {
        const auto begun = Clock::now();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        stores.push_back({begun, Clock::now()});
      });
    }
    return stores;
  };
  const std::vector<Store> stores = stores_of(1e-6, 1 << 30);
  REQUIRE(stores.size() == 4);
  for (std::size_t n = 1; n < stores.size(); ++n)
    CHECK(stores[n].begun - stores[n - 1].ended >= stores[n - 1].ended - stores[n - 1].begun);
  CHECK(stores_of(0, 3).size() == 3);  // at every opportunity
}
