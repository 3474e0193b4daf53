//! The desk of a process that serves: on this machine alone, opened by the link that it prints, or by a fresh one.

#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn peygir(folder: &Path) -> Command {
    std::fs::write(folder.join("passphrase"), "a long passphrase of six words").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_peygir"));
    command
        .env("PEYGIR_DATA", folder.join("data"))
        .env("PEYGIR_STATE", folder.join("state"))
        .env("PEYGIR_PASSPHRASE_FILE", folder.join("passphrase"))
        .stdin(Stdio::null())
        .arg("--json");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    peygir(folder).args(arguments).output().unwrap()
}

fn serve(folder: &Path) -> (Serving, Value) {
    let mut child =
        peygir(folder).args(["serve", "--desk", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Serving(child), serde_json::from_str(&line).unwrap())
}

/// Asks for a page over a socket and gives the whole answer.
fn get(link: &str, cookie: &str) -> String {
    let (host, path) = link.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\n{cookie}Connection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn made() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = run(folder.path(), &["init", "--name", "Ministry of Roads"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    folder
}

#[test]
fn an_address_that_others_reach_is_refused_before_anything_listens() {
    let folder = made();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:7080"] {
        let refused = run(folder.path(), &["serve", "--desk", address]);
        assert_eq!(refused.status.code(), Some(2), "{address}");
        let told = String::from_utf8_lossy(&refused.stderr);
        assert!(
            told.contains("the desk is for this machine alone") && told.contains("--desk 127.0.0.1:7080"),
            "{told}"
        );
    }
}

#[test]
fn the_printed_link_opens_the_desk_once_and_the_verb_prints_another() {
    let folder = made();
    let without = run(folder.path(), &["desk-link"]);
    assert_eq!(without.status.code(), Some(5), "nothing serves a desk");
    let (_serving, told) = serve(folder.path());
    let link = told["desk"].as_str().unwrap();
    let opened = get(link, "");
    assert!(opened.starts_with("HTTP/1.1 303") && opened.contains("location: /en/inbox"), "{opened}");
    assert!(get(link, "").starts_with("HTTP/1.1 401"), "once");
    let cookie = opened.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    let cookie = cookie.split(';').next().unwrap();
    let home = &link[..link.find("/en/").unwrap()];
    let inbox = get(&format!("{home}/en/inbox"), cookie);
    assert!(inbox.starts_with("HTTP/1.1 200") && inbox.contains("Ministry of Roads"));
    let fresh = run(folder.path(), &["desk-link", "--language", "fa"]);
    let fresh: Value = serde_json::from_slice(&fresh.stdout).unwrap();
    let opened = get(fresh["link"].as_str().unwrap(), "");
    assert!(opened.starts_with("HTTP/1.1 303") && opened.contains("location: /fa/inbox"), "{opened}");
    assert_eq!(run(folder.path(), &["desk-link", "--language", "xx"]).status.code(), Some(2));
}
