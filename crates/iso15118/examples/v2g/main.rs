//! A bench tool for DIN 70121 and ISO 15118 messages: EXI to JSON and back, bit-by-bit traces, V2GTP streams, SDP.

#![allow(
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a tool; JSON members are made by indexing"
)]

mod devices;
mod encode;
mod frames;
mod json;
mod run;
#[cfg(feature = "x509")]
mod verify;

use std::io::{BufRead, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand, ValueEnum};
use evse_iso15118::codec::StringEntry;
use evse_iso15118::{
    DecodeError, Form, Leniency, SchemaSet, expand_value_hits, reencode, trace, visit,
};
use json::{Json, from_hex, hex};
use serde_json::{Value, json};

#[derive(Parser)]
#[command(
    about = "DIN 70121 and ISO 15118 messages at the bench. Exit code 0: all went well; 1: some input was refused; 2: wrong arguments or unreadable file."
)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// EXI (hexadecimal lines, or JSON lines with `id` and `exi_hex`) to JSON lines `{id, message, value}`.
    Decode(Codec),
    /// JSON lines `{id, value}` to `{id, exi_hex}`.
    Encode(Codec),
    /// Decodes, encodes again and compares; prints `{id, same}`, and where it is not, the canonical `exi_hex`.
    Roundtrip(Codec),
    /// Explains a message bit by bit.
    Trace {
        /// Hexadecimal.
        exi: String,
        #[command(flatten)]
        codec: Grammar,
    },
    /// V2GTP streams (hexadecimal lines, or JSON lines with `hex`) to JSON lines; follows the payload types and the handshake's choice.
    Frames {
        /// A file, or `-` for standard input.
        #[arg(default_value = "-")]
        file: PathBuf,
    },
    /// SDP datagrams (hexadecimal lines, or JSON lines with `hex`) to JSON lines.
    Sdp {
        /// A file, or `-` for standard input.
        #[arg(default_value = "-")]
        file: PathBuf,
    },
    /// One side of a session in virtual time: JSON lines `{at_ms, exi_hex, payload_type}` of the other side in, `{at_ms, sends |
    /// asks | hears | event}` out. A line may also bear `notify` and `answer` for a charger, `want` and `ask` for a vehicle.
    Run(run::Run),
    /// Verifies the signature of signed messages: `{id, message, verified}`, or `{id, error}`.
    #[cfg(feature = "x509")]
    VerifySignature(verify::VerifySignature),
}

#[derive(clap::Args, Clone, Copy)]
struct Grammar {
    /// The schema set.
    #[arg(long, value_parser = set_of)]
    set: SchemaSet,
    /// A whole document, a fragment, or a fragment of the XML Signature schema alone.
    #[arg(long, value_enum, default_value = "document")]
    kind: Kind,
    /// Accept one octet 00 after the document.
    #[arg(long)]
    trailing_zero: bool,
    /// Refuse string table hits instead of reading them.
    #[arg(long)]
    no_value_hits: bool,
}

#[derive(clap::Args)]
struct Codec {
    #[command(flatten)]
    grammar: Grammar,
    /// A file, or `-` for standard input.
    #[arg(default_value = "-")]
    file: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Kind {
    Document,
    Fragment,
    XmldsigFragment,
}

fn set_of(name: &str) -> Result<SchemaSet, String> {
    let found = SchemaSet::ALL.iter().copied().find(|set| set.name() == name);
    found.ok_or_else(|| {
        let names: Vec<_> = SchemaSet::ALL.iter().map(|set| set.name()).collect();
        format!("expected one of {}", names.join(", "))
    })
}

impl Grammar {
    fn form(self) -> (SchemaSet, Form) {
        match self.kind {
            Kind::Document => (self.set, Form::Document),
            Kind::Fragment => (self.set, Form::Fragment),
            Kind::XmldsigFragment => (SchemaSet::XmlDsig, Form::Fragment),
        }
    }

    fn leniency(self) -> Leniency {
        let leniency = Leniency::STRICT;
        if self.trailing_zero { leniency.with_trailing_zero() } else { leniency }
    }

    /// The document with every string spelled out.
    fn expanded(self, octets: &[u8]) -> Result<Vec<u8>, DecodeError> {
        let (set, form) = self.form();
        if self.no_value_hits {
            return Ok(octets.to_vec());
        }
        let mut table = vec![StringEntry::default(); 65_535];
        let mut out = vec![0; 65_536 + octets.len() * 64];
        let length = expand_value_hits(set, form, octets, self.leniency(), &mut table, &mut out)?;
        out.truncate(length);
        Ok(out)
    }

    fn decode(self, octets: &[u8]) -> Result<Value> {
        let (set, form) = self.form();
        let mut value = Json::default();
        match visit(set, form, octets, self.leniency(), &mut value) {
            Err(error) if is_hit(&error) && !self.no_value_hits => {
                let octets = self.expanded(octets)?;
                let mut value = Json::default();
                visit(set, form, &octets, Leniency::STRICT, &mut value)?;
                Ok(value.into_value())
            }
            Err(error) => Err(error.into()),
            Ok(()) => Ok(value.into_value()),
        }
    }
}

impl Grammar {
    /// Decodes by type and encodes again.
    fn again(self, octets: &[u8]) -> Result<Vec<u8>> {
        let (set, form) = self.form();
        let mut again = vec![0; octets.len() + 64];
        let length = match reencode(set, form, octets, self.leniency(), &mut again) {
            Err(error) if is_hit(&error) && !self.no_value_hits => {
                let octets = self.expanded(octets)?;
                again = vec![0; octets.len() + 64];
                reencode(set, form, &octets, Leniency::STRICT, &mut again)??
            }
            other => other??,
        };
        again.truncate(length);
        Ok(again)
    }
}

fn is_hit(error: &DecodeError) -> bool {
    error.kind() == evse_iso15118::DecodeErrorKind::ValueHit
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("v2g: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// The reader of the output left; that is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn run(task: Task) -> Result<bool> {
    match task {
        Task::Decode(codec) => each(&codec.file, |line| {
            let octets = octets_of(line, "exi_hex")?;
            let value = codec.grammar.decode(&octets)?;
            let message = message_of(&value);
            Ok(json!({ "message": message, "value": value }))
        }),
        Task::Encode(codec) => each(&codec.file, |line| {
            let (set, form) = codec.grammar.form();
            let line: Value = serde_json::from_str(line).context("expected a line of JSON")?;
            let value = line.get("value").context("no member `value`")?;
            let octets = encode::encode(set, form, value)?;
            Ok(json!({ "exi_hex": hex(octets) }))
        }),
        Task::Roundtrip(codec) => each(&codec.file, |line| {
            let octets = octets_of(line, "exi_hex")?;
            let again = codec.grammar.again(&octets)?;
            if again == octets {
                return Ok(json!({ "same": true }));
            }
            Ok(json!({ "same": false, "exi_hex": hex(again), "error": "encodes to other octets" }))
        }),
        Task::Trace { exi, codec } => {
            let octets = from_hex(&exi).context("expected hexadecimal")?;
            let (set, form) = codec.form();
            let mut out = std::io::stdout().lock();
            writeln!(out, "| bit | width | value | meaning |\n|---|---|---|---|")?;
            let mut written = Ok(());
            let result = trace(set, form, &octets, codec.leniency(), &mut |row| {
                if written.is_ok() {
                    written = writeln!(out, "{row}");
                }
            });
            written?;
            if let Err(error) = result {
                eprintln!("v2g: {error}");
                return Ok(false);
            }
            Ok(true)
        }
        Task::Frames { file } => frames::frames(&file),
        Task::Run(run) => run.run(),
        #[cfg(feature = "x509")]
        Task::VerifySignature(task) => {
            task.check_arguments()?;
            each(&task.file, |line| task.answer(&octets_of(line, "exi_hex")?))
        }
        Task::Sdp { file } => each(&file, |line| frames::sdp(&octets_of(line, "hex")?)),
    }
}

/// The name of the message: of the body element in DIN and -2, else of the root.
fn message_of(value: &Value) -> Option<&str> {
    let (name, root) = value.as_object()?.iter().next()?;
    match root.get("Body") {
        Some(body) if name == "V2G_Message" => body.as_object()?.keys().next().map(String::as_str),
        _ => Some(name),
    }
}

/// The octets of a line: hexadecimal, or the member of a JSON object.
fn octets_of(line: &str, member: &str) -> Result<Vec<u8>> {
    if !line.starts_with('{') {
        return from_hex(line).context("expected hexadecimal");
    }
    let line: Value = serde_json::from_str(line).context("expected a line of JSON")?;
    let text = line.get(member).and_then(Value::as_str);
    from_hex(text.with_context(|| format!("no member `{member}`"))?).context("expected hexadecimal")
}

fn open(file: &std::path::Path) -> Result<Box<dyn BufRead>> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let opened = std::fs::File::open(file).with_context(|| file.display().to_string())?;
    Ok(Box::new(std::io::BufReader::new(opened)))
}

/// Answers every line with a line of JSON; tells whether all went well.
fn each(file: &std::path::Path, answer: impl Fn(&str) -> Result<Value>) -> Result<bool> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut all_well = true;
    for (number, line) in open(file)?.lines().enumerate() {
        let line = line.with_context(|| file.display().to_string())?;
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let id = serde_json::from_str::<Value>(line).ok().and_then(|line| line.get("id").cloned());
        let id = id.unwrap_or_else(|| json!(number + 1));
        let mut object = json!({ "id": id });
        match answer(line) {
            Ok(Value::Object(members)) => {
                if let Some(error) = members.get("error").and_then(Value::as_str) {
                    eprintln!("{}:{}: {error}", file.display(), number + 1);
                    all_well = false;
                }
                if let Some(object) = object.as_object_mut() {
                    object.extend(members);
                }
            }
            Ok(other) => object["value"] = other,
            Err(error) => {
                eprintln!("{}:{}: {error:#}", file.display(), number + 1);
                all_well = false;
                object["error"] = json!(format!("{error:#}"));
                if let Some(error) = error.downcast_ref::<DecodeError>() {
                    object["path"] = json!(error.names().collect::<Vec<_>>().join("/"));
                    object["bit"] = json!(error.bit());
                }
            }
        }
        writeln!(out, "{object}")?;
    }
    out.flush()?;
    Ok(all_well)
}
