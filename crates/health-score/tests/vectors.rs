//! The golden numbers of the reference score and of the weighting mathematics.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::float_cmp,
    clippy::print_stderr,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "test helpers: a failed unwrap is the failed assertion, and the tool's readers are used as they are"
)]

mod common;

use evse_health_score::weighting::{
    Ahp, RANDOM_INDEX, combine_linear, combine_multiplicative, critic, entropy, fuzzy, membership,
    order_relation,
};
use evse_health_score::{
    Assessment, Assessments, Category, Item, Model, Parameters, Veto, evaluate,
};
use serde_json::Value;

const TOLERANCE: f64 = 1e-6;

fn read(file: &str) -> Option<Value> {
    let text = std::fs::read_to_string(common::shared(file)?).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[track_caller]
fn assert_close(ours: f64, theirs: &Value, what: &str) {
    let theirs = theirs.as_f64().unwrap_or_else(|| panic!("{what}: {theirs}"));
    assert!((ours - theirs).abs() <= TOLERANCE, "{what}: {ours} is not {theirs}");
}

#[test]
fn reference_scores() {
    let Some(file) = read("score_vectors.json") else { return };
    for (index, case) in file["cases"].as_array().unwrap().iter().enumerate() {
        let alpha = case["alpha"].as_f64().unwrap();
        let model = Model::new(Parameters { alpha, ..Parameters::default() }).unwrap();
        let mut found = Assessments::NONE;
        for (id, given) in case["items"].as_object().unwrap() {
            if !given.is_null() {
                let number = |name: &str| given[name].as_f64().unwrap();
                let assessment = Assessment::new(number("score"), number("confidence"));
                found.set(Item::from_id(id).unwrap(), Some(assessment.unwrap()));
            }
        }
        let caps = numbers(&case["caps"]).into_iter();
        let vetoes: Vec<Veto> = caps.map(|cap| Veto { cap, reason: "cap" }).collect();
        let result = evaluate(&model, &found, &vetoes);
        let expected = &case["expect"];
        let what = format!("case {index}");
        match result.score {
            Some(score) => {
                assert_close(score, &expected["score"], &what);
                assert_close(result.uncapped.unwrap(), &expected["uncapped"], &what);
            }
            None => assert!(expected["score"].is_null() && expected["uncapped"].is_null()),
        }
        assert_close(result.confidence, &expected["confidence"], &what);
        assert_close(result.lost_to_veto, &expected["lost_to_veto"], &what);
        for category in Category::ALL {
            match result.category(category) {
                Some(mean) => assert_close(mean, &expected["categories"][category.letter()], &what),
                None => assert!(expected["categories"].get(category.letter()).is_none(), "{what}"),
            }
        }
        for item in Item::ALL {
            match result.lost(item) {
                Some(lost) => assert_close(lost, &expected["lost"][item.id()], &what),
                None => assert!(expected["lost"].get(item.id()).is_none(), "{what} {item}"),
            }
        }
    }
}

#[test]
fn weighting_mathematics() {
    let Some(file) = read("weight_vectors.json") else { return };
    assert_eq!(numbers(&file["random_index"]), RANDOM_INDEX);
    for case in file["ahp"].as_array().unwrap() {
        let rows: Vec<Vec<f64>> = case["matrix"].as_array().unwrap().iter().map(numbers).collect();
        let ahp = Ahp::new(&rows.concat(), rows.len()).unwrap();
        for (weight, expected) in ahp.weights().iter().zip(case["weights"].as_array().unwrap()) {
            assert_close(*weight, expected, "ahp");
        }
        assert_close(ahp.lambda_max, &case["lambda_max"], "lambda");
        assert_close(ahp.ci, &case["ci"], "ci");
        assert_close(ahp.cr, &case["cr"], "cr");
        assert_eq!(ahp.is_consistent(), case["consistent"].as_bool().unwrap());
    }
    for case in file["entropy"].as_array().unwrap() {
        let rows: Vec<Vec<f64>> = case["data"].as_array().unwrap().iter().map(numbers).collect();
        let benefit: Vec<bool> =
            case["benefit"].as_array().unwrap().iter().map(|b| b.as_bool().unwrap()).collect();
        let (mut entropies, mut weights) = ([0.0; 4], [0.0; 4]);
        entropy(&rows.concat(), &benefit, &[0.25; 4], &mut entropies, &mut weights).unwrap();
        for column in 0..4 {
            assert_close(entropies[column], &case["entropy"][column], "entropy");
            assert_close(weights[column], &case["weights"][column], "entropy weight");
        }
    }
    let (a, b) = (&file["combine_multiplicative"]["a"], &file["combine_multiplicative"]["b"]);
    let mut w = [0.0; 4];
    combine_multiplicative(&numbers(a), &numbers(b), &mut w).unwrap();
    (0..4).for_each(|i| assert_close(w[i], &file["combine_multiplicative"]["w"][i], "product"));
    combine_linear(&numbers(a), &numbers(b), 0.5, &mut w).unwrap();
    (0..4).for_each(|i| assert_close(w[i], &file["combine_linear"]["w"][i], "sum"));
    for case in file["fuzzy"].as_array().unwrap() {
        let scores = numbers(&case["scores"]);
        for (score, expected) in scores.iter().zip(case["membership"].as_array().unwrap()) {
            for (ours, theirs) in membership(*score).iter().zip(expected.as_array().unwrap()) {
                assert_close(*ours, theirs, "membership");
            }
        }
        let (grade, score) = fuzzy(&scores, &numbers(&case["weights"])).unwrap();
        (0..5).for_each(|i| assert_close(grade[i], &case["grade"][i], "grade"));
        assert_close(score, &case["defuzzified"], "defuzzified");
    }
}

/// Two columns that run together conflict with the third alone; by hand: spreads are equal, the conflicts 0 + 2, 0 + 2
/// and 2 + 2, so the weights are 1/4, 1/4, 1/2.
#[test]
fn critic_and_order_relation_by_hand() {
    let data = [0.0, 0.0, 10.0, 1.0, 1.0, 5.0, 2.0, 2.0, 0.0];
    let mut weights = [0.0; 3];
    critic(&data, &[true; 3], &[1.0 / 3.0; 3], &mut weights).unwrap();
    for (weight, expected) in weights.iter().zip([0.25, 0.25, 0.5]) {
        assert!((weight - expected).abs() < 1e-12, "{weights:?}");
    }
    // 1.5 : 1.0 after 1.2 : 1 gives 1.8 : 1.2 : 1, over 4.
    order_relation(&[1.5, 1.2], &mut weights).unwrap();
    for (weight, expected) in weights.iter().zip([0.45, 0.3, 0.25]) {
        assert!((weight - expected).abs() < 1e-12, "{weights:?}");
    }
    critic(&[7.0; 6], &[true; 3], &[0.2, 0.3, 0.5], &mut weights).unwrap();
    assert_eq!(weights, [0.2, 0.3, 0.5], "nothing varies");
    assert!(order_relation(&[0.5, 1.0], &mut weights).is_err());
    assert!(Ahp::new(&[1.0, 2.0, 2.0, 1.0], 2).is_err(), "not reciprocal");
    assert!(Ahp::new(&[], 0).is_err());
}
