//! Runs the program.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What a run said, and its exit code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) complaints: String,
}

impl Said {
    /// The settlement: the first line of `--json`.
    pub(crate) fn settlement(&self) -> Value {
        self.line(0)["settlement"].clone()
    }

    /// How it was come by: the second line.
    pub(crate) fn measured(&self) -> Value {
        self.line(1)["measured"].clone()
    }

    fn line(&self, number: usize) -> Value {
        let lines: Vec<_> = self.out.lines().collect();
        assert_eq!(lines.len(), 2, "{self:?}");
        serde_json::from_str(lines[number]).unwrap()
    }
}

pub(crate) fn fleet<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Said {
    let done = Command::new(env!("CARGO_BIN_EXE_fleet-settlement")).args(arguments).output();
    let done = done.unwrap();
    Said {
        code: done.status.code().unwrap(),
        out: String::from_utf8(done.stdout).unwrap(),
        complaints: String::from_utf8(done.stderr).unwrap(),
    }
}

/// Every engine, and partitions enough for more than one part and for more parts than row groups.
pub(crate) const WAYS: [(&str, &str); 6] = [
    ("plain", "1"),
    ("datafusion", "1"),
    ("datafusion", "2"),
    ("datafusion", "7"),
    ("ballista", "1"),
    ("ballista", "4"),
];

/// Settles a file in every way; they must agree. Gives one of them.
pub(crate) fn settle_in_every_way(file: &Path) -> Said {
    let mut all = WAYS.map(|(engine, partitions)| settle(file, engine, partitions)).into_iter();
    let first = all.next().unwrap();
    for (said, way) in all.zip(&WAYS[1..]) {
        assert_eq!(said.settlement(), first.settlement(), "{way:?}");
        assert_eq!(said.complaints, first.complaints, "{way:?}");
        assert_eq!(said.code, first.code, "{way:?}");
    }
    first
}

pub(crate) fn settle(file: &Path, engine: &str, partitions: &str) -> Said {
    let file = file.to_str().unwrap();
    fleet(["run", file, "--json", "--engine", engine, "--partitions", partitions])
}
