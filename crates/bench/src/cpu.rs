//! CPU time of this thread: what is measured here, whatever else the machine does meanwhile.

/// Nanoseconds that this thread has been on a processor, in user and kernel mode.
///
/// # Panics
/// Where there is no `/proc/thread-self/schedstat`: measurements need Linux.
#[must_use]
pub fn now_ns() -> u64 {
    let text =
        std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux counts the time of threads");
    text.split(' ').next().and_then(|word| word.parse().ok()).expect("the first word is a number")
}

/// What `work` gives, and the nanoseconds of CPU it took.
pub fn spent<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = now_ns();
    let done = work();
    (done, now_ns().saturating_sub(before))
}

/// The middle one of several measurements.
#[must_use]
pub fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// `part / whole`, in hundredths.
#[must_use]
pub fn hundredths(part: u64, whole: u64) -> u64 {
    part.saturating_mul(100) / whole.max(1)
}

/// Hundredths, as people write them.
#[must_use]
pub fn decimal(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Where and with what this was measured.
#[must_use]
pub fn machine() -> String {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown", |(_, name)| name);
    let cores = cpus.lines().filter(|line| line.starts_with("processor")).count();
    let rustc = std::process::Command::new("rustc").arg("--version").output();
    let rustc = rustc.map_or_else(
        |_| "unknown".to_owned(),
        |done| String::from_utf8_lossy(&done.stdout).trim().to_owned(),
    );
    let facts = store::Store::in_memory().and_then(|store| store.facts()).unwrap_or_default();
    let sqlite =
        facts.iter().find(|(name, _)| *name == "sqlite").map_or("unknown", |(_, version)| version.as_str());
    format!("{model}, {cores} cores; {rustc}; SQLite {sqlite}")
}
