//! A story as a file: what stands on top, the acts, and the text that must result.

use crate::story::event::Event;

/// What stands at the end of an act that the party's own node must refuse.
const REFUSED: &str = ", and is refused";
/// What begins the reason why an act's absence would not show in the result.
const NO_TRACE: &str = "(leaves no trace: ";
/// The longest story, in bytes.
const STORY_BYTES_MAX: usize = 65_536;

/// Why a story does not hold: its file, the line, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadStory {
    /// The file, as it was named to the reader.
    pub file: String,
    /// The line, from 1; 0 when it is about the whole.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl std::fmt::Display for BadStory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

impl std::error::Error for BadStory {}

/// One act line with its marks.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) number: usize,
    /// The line without its marks, for the text of a refusal.
    pub(crate) text: String,
    pub(crate) event: Event,
    pub(crate) refused: bool,
    pub(crate) no_trace: bool,
}

/// A story that was read.
#[derive(Clone, Debug)]
pub struct Story {
    pub(crate) file: String,
    pub(crate) operations: Vec<String>,
    /// Those that are members when the story begins, then those that stand outside.
    pub(crate) names: Vec<String>,
    pub(crate) members: usize,
    pub(crate) lines: Vec<Line>,
    /// The lines before those of the result, the result, and the lines behind it.
    parts: [String; 3],
}

/// Which block a line stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Prose,
    Acts,
    Result,
}

impl Story {
    /// Reads a story. `file` is what errors call it.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn read(file: &str, text: &str) -> Result<Self, BadStory> {
        let bad = |line: usize, what: String| BadStory { file: file.to_owned(), line, what };
        if text.len() > STORY_BYTES_MAX {
            return Err(bad(0, format!("a story has at most {STORY_BYTES_MAX} bytes")));
        }
        let mut story = Self {
            file: file.to_owned(),
            operations: Vec::new(),
            names: Vec::new(),
            members: 0,
            lines: Vec::new(),
            parts: [const { String::new() }; 3],
        };
        let (mut block, mut begun, mut results) = (Block::Prose, 0, 0);
        for (number, line) in (1..).zip(text.lines()) {
            let at_fence = line.starts_with("```");
            if at_fence {
                (block, begun) = (fence(block, line).map_err(|what| bad(number, what))?, number);
                results += usize::from(block == Block::Result);
            }
            let part = if results == 0 { 0 } else { 1 + usize::from(block != Block::Result) };
            let opens = at_fence && block == Block::Result;
            let part = &mut story.parts[if opens { 0 } else { part }];
            part.push_str(line);
            part.push('\n');
            match block {
                Block::Prose if !at_fence => story.head(line).map_err(|what| bad(number, what))?,
                Block::Acts if !at_fence => story.act(number, line).map_err(|what| bad(number, what))?,
                Block::Prose | Block::Acts | Block::Result => {}
            }
        }
        if block != Block::Prose {
            return Err(bad(begun, "the block has no end".to_owned()));
        }
        for (missing, what) in [
            (story.operations.is_empty(), "a line `Operations: …` on top"),
            (story.names.is_empty(), "a line `Parties: …` or `Outside: …` on top"),
            (story.lines.is_empty(), "a block of acts"),
            (results != 1, "one block of the result"),
        ] {
            if missing {
                return Err(bad(0, format!("a story needs {what}")));
            }
        }
        Ok(story)
    }

    fn head(&mut self, line: &str) -> Result<(), String> {
        let list = |words: &str| words.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>();
        if let Some(words) = line.strip_prefix("Operations: ") {
            self.operations = list(words);
        } else if let Some(words) = line.strip_prefix("Parties: ") {
            if !self.names.is_empty() {
                return Err("`Parties:` stands once, and before `Outside:`".to_owned());
            }
            self.names = list(words);
            self.members = self.names.len();
        } else if let Some(words) = line.strip_prefix("Outside: ") {
            self.names.extend(list(words));
        }
        Ok(())
    }

    fn act(&mut self, number: usize, line: &str) -> Result<(), String> {
        let mut text = line.trim();
        if text.is_empty() {
            return Ok(());
        }
        let no_trace = text.find(NO_TRACE);
        if let Some(at) = no_trace {
            let reason = text[at + NO_TRACE.len()..].strip_suffix(')').map(str::trim);
            if reason.is_none_or(str::is_empty) {
                return Err("the reason why an act leaves no trace stands in brackets at the end".to_owned());
            }
            text = text[..at].trim_end();
        }
        let refused = text.ends_with(REFUSED);
        let text = text.strip_suffix(REFUSED).unwrap_or(text);
        let event = Event::read(text, &self.names)?;
        let (text, no_trace) = (text.to_owned(), no_trace.is_some());
        self.lines.push(Line { number, text, event, refused, no_trace });
        Ok(())
    }

    /// The text that must result.
    #[must_use]
    pub fn result(&self) -> &str {
        &self.parts[1]
    }

    /// The file with another result in it.
    #[must_use]
    pub fn with_result(&self, result: &str) -> String {
        [&self.parts[0], result, &self.parts[2]].concat()
    }

    /// What errors call the file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The operations that it says it is about.
    #[must_use]
    pub fn operations(&self) -> &[String] {
        &self.operations
    }

    /// How many act lines it has.
    #[must_use]
    pub fn acts(&self) -> usize {
        self.lines.len()
    }

    /// The number of an act's line in the file, and whether the story says that its absence would not show.
    ///
    /// # Panics
    /// If there is no act of this number.
    #[must_use]
    pub fn act_line(&self, act: usize) -> (usize, bool) {
        (self.lines[act].number, self.lines[act].no_trace)
    }
}

fn fence(block: Block, line: &str) -> Result<Block, String> {
    match (block, line.trim_end()) {
        (Block::Prose, "```acts") => Ok(Block::Acts),
        (Block::Prose, "```result") => Ok(Block::Result),
        (Block::Acts | Block::Result, "```") => Ok(Block::Prose),
        _ => Err(format!("`{line}` opens or closes no block of a story")),
    }
}
