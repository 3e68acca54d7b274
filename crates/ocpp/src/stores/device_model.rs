//! The device model that the parts of a report come to.
//!
//! Source: 2.0.1 and 2.1 part 1, device model; use cases B06 to B08.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};

use super::report::{PartOutcome, ReportParts};
use crate::message::{List, Number, ObjectView, Text, Value};

/// Which variable: names and instances compare without the case of ASCII letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct VariableKey {
    component: String,
    component_instance: Option<String>,
    evse: Option<i64>,
    connector: Option<i64>,
    variable: String,
    variable_instance: Option<String>,
}

impl VariableKey {
    /// A variable of a component of the station, neither of them with an instance.
    #[must_use]
    pub fn new(component: &str, variable: &str) -> Self {
        Self {
            component: component.to_ascii_lowercase(),
            variable: variable.to_ascii_lowercase(),
            ..Self::default()
        }
    }

    /// The same of this instance of the component.
    #[must_use]
    pub fn of_component_instance(mut self, instance: &str) -> Self {
        self.component_instance = Some(instance.to_ascii_lowercase());
        self
    }

    /// The same of this instance of the variable.
    #[must_use]
    pub fn of_variable_instance(mut self, instance: &str) -> Self {
        self.variable_instance = Some(instance.to_ascii_lowercase());
        self
    }

    /// The same at this EVSE, and at one of its connectors.
    #[must_use]
    pub const fn at(mut self, evse: i64, connector: Option<i64>) -> Self {
        (self.evse, self.connector) = (Some(evse), connector);
        self
    }

    /// The key of an object with `component` and `variable`, as reports, monitors and results of
    /// `GetVariables` have them.
    #[must_use]
    pub fn of(object: ObjectView<'_>) -> Option<Self> {
        let component: ObjectView<'_> = object.read("component")?;
        let variable: ObjectView<'_> = object.read("variable")?;
        let text = |object: ObjectView<'_>, name: &str| {
            object.read::<Text<'_>>(name).map(|text| text.to_string().to_ascii_lowercase())
        };
        let evse = component.read::<ObjectView<'_>>("evse");
        let number = |name: &str| evse.and_then(|evse| evse.read::<Number<'_>>(name)?.to_i64());
        Some(Self {
            component: text(component, "name")?,
            component_instance: text(component, "instance"),
            evse: number("id"),
            connector: number("connectorId"),
            variable: text(variable, "name")?,
            variable_instance: text(variable, "instance"),
        })
    }
}

/// What is known of a variable. The texts are the JSON of the report: nothing of it is lost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Variable {
    /// `variableAttribute` by its type: `Actual` (also where the type is left out), `Target`, `MinSet`, `MaxSet`.
    attributes: BTreeMap<String, String>,
    /// `variableCharacteristics`.
    characteristics: Option<String>,
}

impl Variable {
    /// An attribute, with `value`, `mutability`, `persistent` and `constant`.
    #[must_use]
    pub fn attribute(&self, kind: &str) -> Option<ObjectView<'_>> {
        Value::checked(self.attributes.get(kind)?).as_object()
    }

    /// The value of the attribute `Actual`; `None` also where it is write-only.
    #[must_use]
    pub fn actual(&self) -> Option<Text<'_>> {
        self.attribute("Actual")?.read("value")
    }

    /// Unit, data type, limits and the list of values.
    #[must_use]
    pub fn characteristics(&self) -> Option<ObjectView<'_>> {
        Value::checked(self.characteristics.as_deref()?).as_object()
    }
}

/// The variables of a station, merged from the parts of one report, in whatever order they come.
///
/// ```
/// use evse_ocpp::message::{Mode, read_payload};
/// use evse_ocpp::stores::{DeviceModel, PartOutcome, VariableKey};
/// use evse_ocpp::v201::NotifyReportRequest;
///
/// let part = |seq_no: u8, tbc: bool, evse: u8, value: &str| format!(
///     r#"{{"requestId":5,"generatedAt":"2026-01-01T00:00:00Z","seqNo":{seq_no},"tbc":{tbc},"reportData":[{{
///         "component":{{"name":"EVSE","evse":{{"id":{evse}}}}},"variable":{{"name":"Power"}},
///         "variableAttribute":[{{"value":"{value}"}}]}}]}}"#);
/// let mut model = DeviceModel::new(5);
/// for (part, outcome) in [
///     (part(1, false, 2, "22000"), PartOutcome::Kept),
///     (part(0, true, 1, "11000"), PartOutcome::Complete),
/// ] {
///     let part = read_payload::<NotifyReportRequest<'_>>(&part, &mut Mode::Strict)?;
///     assert_eq!(model.take(evse_ocpp::message::View::object(&part)), outcome);
/// }
/// let power = model.get(&VariableKey::new("evse", "power").at(2, None)).expect("reported");
/// assert!(power.actual().expect("a value") == "22000");
/// # Ok::<(), evse_ocpp::message::DecodeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct DeviceModel {
    parts: ReportParts<{ DeviceModel::PARTS }>,
    variables: BTreeMap<VariableKey, Variable>,
}

impl DeviceModel {
    /// Most parts of a report.
    pub const PARTS: usize = 4096;

    /// Waits for the report of this request.
    #[must_use]
    pub const fn new(request: i64) -> Self {
        Self { parts: ReportParts::new(request), variables: BTreeMap::new() }
    }

    /// Takes the payload of a `NotifyReport`. Of two reports on one variable the attributes are joined; the one that
    /// came last counts where they differ.
    pub fn take(&mut self, report: ObjectView<'_>) -> PartOutcome {
        let number = |name: &str| report.read::<Number<'_>>(name).and_then(|n| n.to_i64());
        let (Some(request), Some(seq_no)) = (number("requestId"), number("seqNo")) else {
            return PartOutcome::OutOfRange;
        };
        let tbc = report.read("tbc").unwrap_or(false);
        let outcome = self.parts.take(request, seq_no, tbc);
        if matches!(outcome, PartOutcome::Kept | PartOutcome::Complete) {
            let data = report.read::<List<'_, ObjectView<'_>>>("reportData");
            data.iter().flat_map(List::iter).for_each(|row| self.merge(row));
        }
        outcome
    }

    fn merge(&mut self, row: ObjectView<'_>) {
        let Some(key) = VariableKey::of(row) else { return };
        let variable = self.variables.entry(key).or_default();
        let attributes = row.read::<List<'_, ObjectView<'_>>>("variableAttribute");
        for attribute in attributes.iter().flat_map(List::iter) {
            let kind = attribute.read::<Text<'_>>("type").map(|kind| kind.to_string());
            let kind = kind.unwrap_or_else(|| "Actual".into());
            variable.attributes.insert(kind, attribute.raw().into());
        }
        if let Some(characteristics) = row.read::<ObjectView<'_>>("variableCharacteristics") {
            variable.characteristics = Some(characteristics.raw().into());
        }
    }

    /// A variable, if it was reported.
    #[must_use]
    pub fn get(&self, key: &VariableKey) -> Option<&Variable> {
        self.variables.get(key)
    }

    /// All variables, by component, instance, EVSE, connector, variable and its instance.
    pub fn iter(&self) -> impl Iterator<Item = (&VariableKey, &Variable)> {
        self.variables.iter()
    }
}
