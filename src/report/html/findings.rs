//! The findings: worst first, each with what was seen, whom it hits and what to do, and its consequences.

use std::collections::{BTreeMap, BTreeSet};

use super::marks::severity;
use super::markup::Markup;
use super::section::{commands, heading, links, registration_id, row, steps};
use crate::model::Severity;
use crate::model::assessment::{Assessment, Finding, RegistrationView};
use crate::model::plural::count;
use crate::report::view::findings::{also_causes, facts, who};

/// The id of a finding's place on the page.
pub(super) fn id(index: usize) -> String {
    format!("f-{index}")
}

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    let findings = &assessment.findings;
    let title = match findings.len() {
        0 => "No findings".to_owned(),
        number => format!("{}, worst first", count(number, "finding")),
    };
    heading(page, "findings", &title, "");
    let names = Names::of(assessment);
    if !findings.is_empty() {
        filter(page, assessment, &names);
    }
    page.raw("<ol class=\"list\" id=\"finding-list\">\n");
    for (index, finding) in findings.iter().enumerate() {
        let environments: Vec<&str> = names.environments(finding).into_iter().collect();
        page.element(
            "li",
            &[
                ("id", &id(index)),
                ("class", "finding"),
                ("data-severity", finding.severity.as_str()),
                ("data-environment", &environments.join(" ")),
                ("data-registration", &names.places(finding).join(" ")),
                ("data-who", &who(finding)),
                ("data-check", &finding.check),
            ],
            |item| body(item, finding, &names),
        );
        page.raw("\n");
    }
    page.raw("</ol>\n</section>\n");
}

/// Where each registration stands in the list, and each environment: names with spaces are no words.
#[derive(Debug)]
pub(super) struct Names<'a> {
    registrations: BTreeMap<&'a str, (usize, &'a RegistrationView)>,
    environments: BTreeMap<&'a str, String>,
}

impl<'a> Names<'a> {
    pub(super) fn of(assessment: &'a Assessment) -> Self {
        let views = &assessment.registrations;
        let distinct: BTreeSet<&str> = views.iter().map(|view| view.environment.as_str()).collect();
        Self {
            registrations: views
                .iter()
                .enumerate()
                .map(|(index, view)| (view.name.as_str(), (index, view)))
                .collect(),
            environments: distinct
                .into_iter()
                .enumerate()
                .map(|(index, name)| (name, format!("e{index}")))
                .collect(),
        }
    }

    fn views(&self, finding: &Finding) -> impl Iterator<Item = &(usize, &'a RegistrationView)> {
        finding
            .registrations
            .iter()
            .filter_map(|name| self.registrations.get(name.as_str()))
    }

    fn environments(&self, finding: &Finding) -> BTreeSet<&str> {
        self.views(finding)
            .filter_map(|(_, view)| self.environments.get(view.environment.as_str()))
            .map(String::as_str)
            .collect()
    }

    fn places(&self, finding: &Finding) -> Vec<String> {
        self.views(finding)
            .map(|(index, _)| format!("r{index}"))
            .collect()
    }
}

fn filter(page: &mut Markup, assessment: &Assessment, names: &Names<'_>) {
    page.raw("<fieldset id=\"filter\" class=\"filter\" hidden><legend class=\"sr\">Filter and sort</legend>\n");
    select(page, "severity", "Severity", |page| {
        for severity in Severity::ALL.into_iter().rev() {
            option(page, severity.as_str(), severity.as_str());
        }
    });
    select(page, "environment", "Environment", |page| {
        for (name, value) in &names.environments {
            option(page, value, name);
        }
    });
    let hit: BTreeSet<&str> = assessment
        .findings
        .iter()
        .flat_map(|finding| finding.registrations.iter().map(String::as_str))
        .collect();
    select(page, "registration", "Registration", |page| {
        for (name, (index, _)) in &names.registrations {
            if hit.contains(name) {
                option(page, &format!("r{index}"), name);
            }
        }
    });
    page.raw(
        "<label>Text <input type=\"search\" name=\"text\"></label>\n\
         <label>Sort by <select name=\"sort\"><option value=\"\">worst first</option>\
         <option value=\"who\">registration</option><option value=\"check\">check</option></select></label>\n\
         <output name=\"shown\"></output>\n</fieldset>\n",
    );
}

fn select(
    page: &mut Markup,
    name: &'static str,
    label: &'static str,
    options: impl FnOnce(&mut Markup),
) {
    page.raw("<label>");
    page.text(label);
    page.raw(" ");
    page.element("select", &[("name", name)], |page| {
        page.raw("<option value=\"\">all</option>");
        options(page);
    });
    page.raw("</label>\n");
}

fn option(page: &mut Markup, value: &str, name: &str) {
    page.element("option", &[("value", value)], |option| option.text(name));
}

pub(super) fn body(page: &mut Markup, finding: &Finding, names: &Names<'_>) {
    page.raw("<h3>");
    severity(page, finding.severity);
    page.raw(" ");
    page.text(finding.title.letters());
    page.raw("</h3>");
    page.raw("<p class=\"who\">");
    for (place, name) in finding.registrations.iter().enumerate() {
        if place > 0 {
            page.raw(", ");
        }
        match names.registrations.get(name.as_str()) {
            Some((index, view)) => {
                let target = format!("#{}", registration_id(*index));
                page.element("a", &[("href", &target)], |link| link.text(name));
                page.raw(" in ");
                page.text(&view.environment);
            }
            None => page.text(name),
        }
    }
    if finding.registrations.is_empty() {
        page.text(finding.resource.path());
    }
    page.raw(" <code class=\"quiet\">");
    page.text(&finding.check);
    page.raw("</code></p>");
    page.raw("<dl>");
    for (label, text) in facts(finding) {
        row(page, label, text);
    }
    page.raw("</dl>");
    links(page, &finding.links);
    commands(page, &finding.commands);
    steps(page, &finding.steps);
    consequences(page, finding);
    references(page, finding);
}

fn consequences(page: &mut Markup, finding: &Finding) {
    if finding.consequences.is_empty() {
        return;
    }
    page.raw("<details><summary>");
    page.text(&format!("Also causes {}", also_causes(finding)));
    page.raw("</summary><ul>");
    for one in &finding.consequences {
        page.raw("<li>");
        severity(page, one.severity);
        page.raw(" <code>");
        page.text(&one.check);
        page.raw("</code> ");
        page.text(one.resource.path());
        page.raw(": ");
        page.text(one.seen.letters());
        page.raw(" <small class=\"quiet\">");
        page.text(&one.fingerprint);
        page.raw("</small></li>");
    }
    page.raw("</ul></details>");
}

/// What a reviewer asks for and a reader in a hurry does not.
fn references(page: &mut Markup, finding: &Finding) {
    page.raw("<details><summary>References</summary><dl>");
    row(page, "Resource", finding.resource.path());
    row(page, "Family", finding.family.as_str());
    if !finding.controls.is_empty() {
        row(page, "Relates to", &finding.controls.join(", "));
    }
    row(page, "Id", &finding.fingerprint);
    page.raw("</dl></details>");
}
