//! See `bench::fuzz::entry`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    std::hint::black_box(bench::fuzz::entry::run(data));
});
