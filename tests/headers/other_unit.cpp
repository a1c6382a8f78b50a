#include "tests/headers/seen.hpp"

ohmlab::headers::Seen ohmlab::headers::seen_by_other_unit() { return seen(); }
