#include "ohmlab/io/hdf5.hpp"

#include <chrono>
#include <cmath>
#include <limits>
#include <string>
#include <thread>

#include <malloc.h>

#include "tests/catch.hpp"
#include "tests/io/hdf5_sample.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using io::Hdf5Reader;
using io::Hdf5Shape;
using io::Hdf5Writer;

TEST_CASE("every type of value comes back from an HDF5 file as it was written") {
  const TempFolder folder;
  write_sample(folder / "x.h5");
  const Hdf5Reader reader(folder / "x.h5");
  CHECK(reader.read_doubles("/metrics/loss").values == std::vector<double>{0.5, 0.25, 0.125});
  CHECK(reader.read_int64("/metrics/epoch").values == std::vector<std::int64_t>{1, 2, 3});
  CHECK(reader.read_uint64("/tally/count").values[0] == std::numeric_limits<std::uint64_t>::max());
  CHECK(reader.read_strings("/tally/entry").values ==
        std::vector<std::string>{"array.read", "array.update"});
  const auto weights = reader.read_floats("/state/weights");
  CHECK(weights.shape == Hdf5Shape{200, 150});
  CHECK(weights.values.size() == 30000);
  CHECK(weights.values[976] == 976.0f / 977.0f);
  CHECK(weights.values[29999] == static_cast<float>(29999 % 977) / 977.0f);
  CHECK(reader.read_uint8("/state/bytes").values == std::vector<std::uint8_t>{0, 127, 255});
  CHECK(reader.read_uint8("/state/bytes").shape == Hdf5Shape{3, 1});
  CHECK(reader.read_text("/config") == "seed = 1\n# µS\n");
  CHECK(reader.read_scalar("/final") == -110.7);
  CHECK(reader.attribute_text("/run", "version") == "0.1.0");
  CHECK(reader.attribute_int64("/run", "threads") == 4);
  CHECK(reader.attribute_double("/run", "seconds") == 0.25);
  CHECK(reader.attribute_int64("/", "schema") == 1);
  CHECK(reader.attribute_text("/metrics/loss", "units") == "nats");
  CHECK(reader.attribute_text("/metrics/loss", "long_name") == "loss");
  CHECK_FALSE(reader.has_attribute("/tally/entry", "units"));
}

TEST_CASE("odd but valid values come back from an HDF5 file as they were written") {
  const TempFolder folder;
  const std::string long_text(200'000, 'x');
  {
    Hdf5Writer writer(folder / "x.h5");
    writer.dataset("empty", std::vector<double>{}, {0}, {});
    writer.dataset("empty_2d", std::vector<float>{}, {0, 5}, {});
    writer.dataset("no_strings", std::vector<std::string>{}, {0}, {});
    writer.dataset("strings", std::vector<std::string>{"", "ü", "a\nb", long_text}, {2, 2}, {});
    writer.text("empty_text", "");
    writer.attribute("/", "empty", std::string());
    writer.attribute("/", "long", long_text);
    writer.dataset("extremes",
                   std::vector<double>{std::numeric_limits<double>::infinity(), -0.0, 5e-324}, {3},
                   {});
    writer.scalar("nan", std::numeric_limits<double>::quiet_NaN(), {});
    writer.dataset("large", std::vector<std::int64_t>(300'000, -3), {1, 300'000}, {});
    writer.commit();
  }
  const Hdf5Reader reader(folder / "x.h5");
  CHECK(reader.read_doubles("empty").values.empty());
  CHECK(reader.read_floats("empty_2d").shape == Hdf5Shape{0, 5});
  CHECK(reader.read_strings("no_strings").values.empty());
  CHECK(reader.read_strings("strings").values ==
        std::vector<std::string>{"", "ü", "a\nb", long_text});
  CHECK(reader.read_strings("strings").shape == Hdf5Shape{2, 2});
  CHECK(reader.read_text("empty_text").empty());
  CHECK(reader.attribute_text("/", "empty").empty());
  CHECK(reader.attribute_text("/", "long") == long_text);
  const auto extremes = reader.read_doubles("extremes").values;
  CHECK(std::isinf(extremes[0]));
  CHECK(std::signbit(extremes[1]));
  CHECK(extremes[2] == 5e-324);
  CHECK(std::isnan(reader.read_scalar("nan")));
  CHECK(reader.read_int64("large").values == std::vector<std::int64_t>(300'000, -3));
}

TEST_CASE("the objects of an HDF5 file are found by name") {
  const TempFolder folder;
  write_sample(folder / "x.h5");
  const Hdf5Reader reader(folder / "x.h5");
  CHECK(reader.names("/") ==
        std::vector<std::string>{"config", "final", "metrics", "run", "state", "tally"});
  CHECK(reader.names("/metrics") == std::vector<std::string>{"epoch", "loss"});
  CHECK(reader.names("/run").empty());
  CHECK(reader.has("/"));
  CHECK(reader.has("/metrics"));
  CHECK(reader.has("metrics/loss"));
  CHECK_FALSE(reader.has("/metrics/los"));
  CHECK_FALSE(reader.has("/nowhere/loss"));
  CHECK_FALSE(reader.has(""));
  CHECK(reader.shape("/metrics/loss") == Hdf5Shape{3});
  CHECK(reader.shape("/final").empty());
}

TEST_CASE("attached scales are found from the dataset") {
  const TempFolder folder;
  {
    Hdf5Writer writer(folder / "x.h5");
    writer.scale("/cube/bits", std::vector<std::int64_t>{4, 6, 8}, {"1", "ADC bits"});
    writer.scale("/cube/device", std::vector<std::string>{"ecram", "reram"}, {"", "device"});
    writer.dataset("/cube/loss", std::vector<double>(6), {2, 3}, {"nats", "loss"});
    writer.attach("/cube/loss", 0, "/cube/device");
    writer.attach("/cube/loss", 1, "/cube/bits");
    writer.dataset("/cube/bare", std::vector<double>(6), {2, 3}, {});
    writer.commit();
  }
  const Hdf5Reader reader(folder / "x.h5");
  CHECK(reader.scale_name("/cube/loss", 0) == "/cube/device");
  CHECK(reader.scale_name("/cube/loss", 1) == "/cube/bits");
  CHECK(reader.scale_name("/cube/bare", 0).empty());
  CHECK(reader.attribute_text("/cube/bits", "CLASS") == "DIMENSION_SCALE");
  CHECK(reader.attribute_text("/cube/bits", "NAME") == "bits");
}

TEST_CASE("equal content gives byte-equal HDF5 files at another second and on dirty memory") {
  const TempFolder folder;
#ifdef M_PERTURB
  mallopt(M_PERTURB, 0x55);
#endif
  write_sample(folder / "a.h5");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
#ifdef M_PERTURB
  mallopt(M_PERTURB, 0xaa);
#endif
  write_sample(folder / "b.h5");
#ifdef M_PERTURB
  mallopt(M_PERTURB, 0);
#endif
  CHECK((bytes_of(folder / "a.h5") == bytes_of(folder / "b.h5")));
}

TEST_CASE("large datasets are compressed and small ones are not") {
  const TempFolder folder;
  for (const std::size_t count : {8192u, 8193u}) {
    Hdf5Writer writer(folder / "x.h5");
    writer.dataset("zeros", std::vector<double>(count), {count}, {});
    writer.commit();
    CHECK((std::filesystem::file_size(folder / "x.h5") > 65536) == (count == 8192));
  }
}

TEST_CASE("an HDF5 file appears under its name only when committed") {
  const TempFolder folder;
  const auto path = folder / "made/on/the/way/x.h5";
  const auto part = folder / "made/on/the/way/x.h5.part";
  {
    Hdf5Writer writer(path);
    writer.scalar("x", 1, {});
    CHECK(std::filesystem::exists(part));
    CHECK_FALSE(std::filesystem::exists(path));
  }
  CHECK_FALSE(std::filesystem::exists(part));
  CHECK_FALSE(std::filesystem::exists(path));
  {
    Hdf5Writer writer(path);
    writer.scalar("x", 1, {});
    writer.commit();
    CHECK_FALSE(std::filesystem::exists(part));
  }
  CHECK(Hdf5Reader(path).read_scalar("x") == 1);
}

TEST_CASE("an existing HDF5 file stays as it was until the new one is committed") {
  const TempFolder folder;
  const auto path = folder / "x.h5";
  const auto write = [&](double value, bool commit) {
    Hdf5Writer writer(path);
    writer.scalar("x", value, {});
    CHECK(Hdf5Reader(path).read_scalar("x") == 1);
    if (commit) writer.commit();
  };
  {
    Hdf5Writer writer(path);
    writer.scalar("x", 1, {});
    writer.commit();
  }
  write(2, false);
  CHECK(Hdf5Reader(path).read_scalar("x") == 1);
  write_bytes(folder / "x.h5.part", "left by a dead run");
  write(3, true);
  CHECK(Hdf5Reader(path).read_scalar("x") == 3);
}
