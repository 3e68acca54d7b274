//! `score`: the cases of a vector file, evaluated under the weights that the file states.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Context, Result, bail};
use evse_health_score::{
    Assessment, Assessments, Category, Evaluation, Item, Model, Parameters, Veto, evaluate,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Refused, write_line};

#[derive(Deserialize)]
struct Case {
    alpha: Option<f64>,
    items: BTreeMap<String, Option<Given>>,
    #[serde(default)]
    caps: Vec<f64>,
}

#[derive(Deserialize)]
struct Given {
    score: f64,
    confidence: f64,
}

#[derive(Serialize)]
struct Scored {
    score: Option<f64>,
    uncapped: Option<f64>,
    confidence: f64,
    categories: BTreeMap<&'static str, f64>,
    lost: BTreeMap<&'static str, f64>,
    lost_to_veto: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<(f64, f64)>,
}

pub(crate) fn run(file: &Value, out: &mut impl Write) -> Result<Refused> {
    let base = parameters(file)?;
    let cases = file.get("cases").and_then(Value::as_array).context("no list `cases`")?;
    let mut refused = false;
    for (index, case) in cases.iter().enumerate() {
        match score(case, &base) {
            Ok(scored) => write_line(out, &scored)?,
            Err(error) => {
                refused = true;
                eprintln!("case {index}: {error:#}");
                // The line stays, so that lines and cases still pair up.
                write_line(out, &Value::Null)?;
            }
        }
    }
    Ok(refused)
}

/// The reference parameters with what the file says instead.
fn parameters(file: &Value) -> Result<Parameters> {
    let mut parameters = Parameters::default();
    if let Some(floor) = file.get("floor") {
        parameters.floor = floor.as_f64().context("`floor` is no number")?;
    }
    if let Some(weights) = file.get("category_weights") {
        let weights = weights.as_object().context("`category_weights` is no object")?;
        for (letter, weight) in weights {
            let of = |category: &Category| category.letter() == letter;
            let category = Category::ALL.into_iter().find(of);
            let category = category.with_context(|| format!("no category {letter}"))?;
            let weight = weight.as_f64().with_context(|| format!("weight of {letter}"))?;
            parameters.set_category_weight(category, weight);
        }
    }
    if let Some(weights) = file.get("item_weights") {
        for (id, weight) in weights.as_object().context("`item_weights` is no object")? {
            let item = Item::from_id(id).with_context(|| format!("no item {id}"))?;
            let weight = weight.as_f64().with_context(|| format!("weight of {id}"))?;
            parameters.set_weight(item, weight);
        }
    }
    Model::new(parameters.clone())?;
    Ok(parameters)
}

fn score(case: &Value, base: &Parameters) -> Result<Scored> {
    let case = Case::deserialize(case)?;
    let alpha = case.alpha.unwrap_or(base.alpha);
    let model = Model::new(Parameters { alpha, ..base.clone() })?;
    let mut found = Assessments::NONE;
    for (id, given) in &case.items {
        let item = Item::from_id(id).with_context(|| format!("no item {id}"))?;
        let Some(given) = given else { continue };
        let assessment = Assessment::new(given.score, given.confidence);
        found.set(item, Some(assessment.with_context(|| format!("{id}: out of range"))?));
    }
    if let Some(cap) = case.caps.iter().find(|cap| !(0.0..=100.0).contains(*cap)) {
        bail!("cap {cap} is not from 0 to 100");
    }
    let vetoes: Vec<Veto> =
        case.caps.into_iter().map(|cap| Veto { cap, reason: "cap of the case" }).collect();
    Ok(Scored::new(&evaluate(&model, &found, &vetoes)))
}

impl Scored {
    fn new(result: &Evaluation) -> Self {
        let of_category = |c: Category| result.category(c).map(|mean| (c.letter(), mean));
        let of_item = |i: Item| result.lost(i).map(|lost| (i.id(), lost));
        Self {
            score: result.score,
            uncapped: result.uncapped,
            confidence: result.confidence,
            categories: Category::ALL.into_iter().filter_map(of_category).collect(),
            lost: Item::ALL.into_iter().filter_map(of_item).collect(),
            lost_to_veto: result.lost_to_veto,
            interval: result.interval,
        }
    }
}
