//! placeholder
use evse_gbt27930::Edition;
use std::io::Write;
use std::path::Path;
pub(crate) struct How {
    pub(crate) json: bool,
    pub(crate) show_identifiers: bool,
    pub(crate) edition: Option<Edition>,
}
pub(crate) fn run(_h: &How, _f: &Path, _o: &mut impl Write) -> anyhow::Result<bool> {
    Ok(false)
}
