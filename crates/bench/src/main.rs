//! `cargo run --release -p bench -- record`: what each measurement prints.

#![expect(clippy::print_stdout, reason = "printing is what a measurement is for")]

fn main() {
    let mut words = std::env::args().skip(1);
    let word = words.next().unwrap_or_default();
    let second = words.next();
    let number = second.as_ref().and_then(|word| word.parse().ok());
    let text = match word.as_str() {
        "record" => bench::record::run(number.unwrap_or(10_000), 5),
        "growth" => bench::growth::run(number.unwrap_or(105_000)),
        "exchange" => bench::exchange::run(number.unwrap_or(100_000)),
        "rebuild" => bench::growth::rebuild(number.unwrap_or(20_000)),
        "start" => bench::start::run(number.unwrap_or(100_000)),
        // What `start` runs in processes of their own.
        "start-fill" => bench::start::fill(number.unwrap_or(100_000)),
        "start-open" => bench::start::open(),
        "forecast" => bench::forecast::run(number.unwrap_or(100_000)),
        "pages" => bench::pages::run(number.unwrap_or(24_000)),
        // What `pages` starts as a process of its own, so that its memory is the node's alone.
        "pages-of" => bench::pages::measure(std::path::Path::new(&second.unwrap_or_default())),
        "windowed" | "uniform" => bench::forecast::listed(number.unwrap_or(1_000), word == "windowed"),
        _ => "record | growth | exchange | rebuild | start [entries] | forecast | pages | windowed | uniform [commitments]"
            .to_owned(),
    };
    println!("{text}");
}
