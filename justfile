# Short names for the commands that the documents give in full.

# Everything that must hold before a change lands
check:
    cargo xtask check

# Two nodes on this machine, with links to click
demo:
    cargo run --release -- demo

# Simulated schedules without end in sight: just soak 1000000
soak count="1000000":
    cargo run --release -p simulator -- --from 1 --count {{count}}

# Benchmarks, each in one run with what it is compared to
bench what="record":
    cargo run --release -p bench -- {{what}}
