//! `check`: frames against the schemas.

use std::path::Path;

use anyhow::{Context, Result};
use evse_ocpp::message::{Action, DecodeError, Deviation, Mode, Version, path};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A line of the corpus.
#[derive(Deserialize)]
struct Case {
    id: Option<Value>,
    version: Option<String>,
    action: Option<String>,
    frame: String,
}

#[derive(Serialize)]
struct Fault {
    code: &'static str,
    path: String,
    reason: String,
    at: u32,
}

pub(crate) fn run(version: Option<Version>, lenient: bool, file: Option<&Path>) -> Result<bool> {
    crate::input::each_line(file, |line, out| {
        let case = match line.first() {
            Some(b'{') => serde_json::from_slice(line).context("not a line of the corpus")?,
            _ => Case {
                id: None,
                version: None,
                action: None,
                frame: String::from_utf8(line.to_vec()).context("not UTF-8")?,
            },
        };
        let (verdict, ok) = check(&case, version, lenient)?;
        serde_json::to_writer(&mut *out, &verdict)?;
        writeln!(out)?;
        Ok(ok)
    })
}

fn check(
    case: &Case,
    version: Option<Version>,
    lenient: bool,
) -> Result<(Map<String, Value>, bool)> {
    let own = case
        .version
        .as_deref()
        .map(|v| Version::parse(v).with_context(|| format!("unknown version {v}")));
    let version = own
        .transpose()?
        .or(version)
        .context("no version: give --version or a `version` in the line")?;
    let schema = crate::schema(version);
    let bytes = case.frame.as_bytes();
    let pending: Option<&'static Action> =
        case.action.as_deref().and_then(|name| schema.action(name));
    let mut deviations = Vec::new();
    let mut sink = |deviation: Deviation| deviations.push(deviation);
    let mut mode = if lenient { Mode::Lenient(&mut sink) } else { Mode::Strict };
    let result = schema.decode(bytes, &mut mode, &mut |_| pending);

    let mut verdict = Map::new();
    if let Some(id) = &case.id {
        verdict.insert("id".into(), id.clone());
    }
    verdict.insert("ok".into(), result.is_ok().into());
    let ok = match result {
        Ok(frame) => {
            let mut text = String::with_capacity(bytes.len());
            frame.write(&mut text)?;
            verdict.insert("frame".into(), text.into());
            true
        }
        Err(error) => {
            verdict.insert("error".into(), serde_json::to_value(fault(&error, version, bytes))?);
            false
        }
    };
    if lenient {
        let list: Vec<Value> = deviations
            .iter()
            .map(|deviation| {
                let path = path(bytes, deviation.at).to_string();
                serde_json::json!({ "kind": deviation.kind.as_str(), "path": path, "at": deviation.at })
            })
            .collect();
        verdict.insert("deviations".into(), list.into());
    }
    Ok((verdict, ok))
}

fn fault(error: &DecodeError, version: Version, frame: &[u8]) -> Fault {
    Fault {
        code: error.code(version).as_str(version),
        path: error.path(frame).to_string(),
        reason: error.reason.to_string(),
        at: error.at,
    }
}
