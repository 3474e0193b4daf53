//! The desk of a process that serves: on this machine alone, for those whom the operator invites.

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

/// Sends a form over a socket and gives the whole answer.
fn post(link: &str, form: &str) -> String {
    let (host, path) = link.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let length = form.len();
    write!(
        stream,
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{form}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn cookie(answer: &str) -> String {
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    cookie.unwrap_or_else(|| panic!("{answer}")).split(';').next().unwrap().to_owned()
}

fn data(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_operator_invites_the_first_head_who_then_signs_in() {
    let folder = made();
    let nobody = data(&run(folder.path(), &["person", "list"]));
    assert_eq!(nobody["people"].as_array().unwrap().len(), 0);
    let (_serving, told) = serve(folder.path());
    let home = told["desk"].as_str().unwrap();
    let added =
        data(&run(folder.path(), &["person", "add", "One head", "--role", "head", "--language", "fa"]));
    let link = added["link"].as_str().unwrap();
    assert!(link.starts_with(&format!("{home}/fa/invitation/")), "{link}");
    assert!(get(link, "").starts_with("HTTP/1.1 200"));
    let opened = post(link, "passphrase=twelve+letters&again=twelve+letters");
    assert!(opened.starts_with("HTTP/1.1 303") && opened.contains("location: /fa"), "{opened}");
    let inbox = get(&format!("{home}/en/inbox"), &cookie(&opened));
    assert!(inbox.starts_with("HTTP/1.1 200") && inbox.contains("Ministry of Roads"));
    assert!(get(link, "").starts_with("HTTP/1.1 404"), "once");
    let signed_in = post(&format!("{home}/en/sign-in"), "name=One+head&passphrase=twelve+letters");
    assert!(signed_in.starts_with("HTTP/1.1 303"), "{signed_in}");
}

#[test]
fn the_verbs_about_people_reach_sessions_that_are_open() {
    let folder = made();
    let (_serving, told) = serve(folder.path());
    let home = told["desk"].as_str().unwrap();
    let file = folder.path().join("word");
    std::fs::write(&file, "twelve letters\n").unwrap();
    let file = file.to_str().unwrap();
    data(&run(folder.path(), &["person", "add", "One", "--role", "head", "--secret-file", file]));
    let opened = cookie(&post(&format!("{home}/en/sign-in"), "name=One&passphrase=twelve+letters"));
    let people = || get(&format!("{home}/en/people"), &opened);
    assert!(people().starts_with("HTTP/1.1 200"));
    data(&run(folder.path(), &["person", "role", "One", "reader"]));
    assert!(people().starts_with("HTTP/1.1 403"));
    let invited = data(&run(folder.path(), &["person", "invite", "One"]));
    assert!(get(invited["link"].as_str().unwrap(), "").starts_with("HTTP/1.1 200"));
    data(&run(folder.path(), &["person", "remove", "One"]));
    assert!(people().starts_with("HTTP/1.1 401"));
    assert!(get(invited["link"].as_str().unwrap(), "").starts_with("HTTP/1.1 404"));
    for (wrong, code) in [
        (["person", "add", "Two", "--role", "king"].as_slice(), 2),
        (&["person", "add", " ", "--role", "head"], 2),
        (&["person", "add", "Two", "--role", "head", "--language", "xx"], 2),
        (&["person", "role", "Nobody", "head"], 5),
        (&["person", "remove", "One"], 5),
    ] {
        assert_eq!(run(folder.path(), wrong).status.code(), Some(code), "{wrong:?}");
    }
    assert_eq!(data(&run(folder.path(), &["person", "list"]))["people"].as_array().unwrap().len(), 0);
}
