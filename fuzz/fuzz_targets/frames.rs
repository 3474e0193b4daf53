//! See `bench::fuzz::frames`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    std::hint::black_box(bench::fuzz::frames::run(data));
});
