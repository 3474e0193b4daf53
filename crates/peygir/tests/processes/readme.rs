//! What the README tells a newcomer to type does what it says, line by line, for both sides.

use std::net::TcpListener;
use std::process::Command;

use tempfile::TempDir;

const README: &str = include_str!("../../../../README.md");

/// The shell lines of a section, without those that build the program, which is built.
fn lines_of(section: &str) -> String {
    let section = README.split(&format!("## {section}\n")).nth(1).unwrap().split("\n## ").next().unwrap();
    let blocks = section.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap());
    let lines: Vec<_> = blocks.flat_map(str::lines).filter(|line| !line.starts_with("cargo build")).collect();
    lines.join("\n")
}

#[test]
fn the_lines_by_hand_carry_a_commitment_to_its_end() {
    let folder = TempDir::new().unwrap();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_peygir")).parent().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let lines = lines_of("By hand");
    let lines = lines
        .replace("$PWD/target/release", &program.display().to_string())
        .replace("7001", &port.to_string());
    assert!(lines.contains("peygir join") && lines.contains("peygir confirm"), "{lines}");
    // A line that fails ends it all, and so does the node, which would else outlive a test that failed.
    let script = format!("set -e -u -o pipefail\ntrap 'kill %1' ERR\n{lines}\nwait\n");
    let mut bash = Command::new("bash");
    for variable in ["PEYGIR_DATA", "PEYGIR_STATE", "PEYGIR_PASSPHRASE_FILE", "XDG_STATE_HOME"] {
        bash.env_remove(variable);
    }
    let output =
        bash.arg("-c").arg(script).current_dir(folder.path()).env("HOME", folder.path()).output().unwrap();
    let (out, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{told}");
    assert_eq!(told, "", "nothing is complained of");
    let digests: Vec<_> = out.lines().filter_map(|line| line.trim().strip_prefix("digest ")).collect();
    assert!(matches!(digests.as_slice(), [one, two] if one == two), "{out}");
}
