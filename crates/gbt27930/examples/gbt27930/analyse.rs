//! `analyse`: the sessions of a capture as a report.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use evse_gbt27930::Edition;
use evse_gbt27930::analysis::Analyzer;

use crate::Refused;
use crate::input::{Complaints, each_record, read};

/// How to report.
pub(crate) struct How {
    pub(crate) json: bool,
    pub(crate) show_identifiers: bool,
    pub(crate) edition: Option<Edition>,
}

pub(crate) fn run(how: &How, file: &Path, out: &mut impl Write) -> Result<Refused> {
    let text = read(file)?;
    let mut complaints = Complaints::new(file);
    let mut analyzer = Analyzer::new(how.edition);
    each_record(&text, Some(&mut complaints), |_, record| {
        analyzer.handle_record(record);
        Ok(())
    })?;
    let mut report = analyzer.finish();
    if how.show_identifiers {
        report.reveal_identifiers();
    }
    if how.json {
        serde_json::to_writer_pretty(&mut *out, &report)?;
        out.write_all(b"\n")?;
    } else {
        write!(out, "{report}")?;
    }
    Ok(complaints.finish())
}
