//! A pretend tenant that a test can spoil, and an audit of it in this process.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use credaudit::inside::Cloud;
use credaudit::inside::Snapshot;
use credaudit::inside::SourceFile;
use credaudit::inside::report::{Format, TableOptions, render};
use credaudit::inside::{Assessment, IsolationProbe};
use credaudit::inside::{AuditorVariables, Options, Silent, Trust, collect};
use credaudit::inside::{LoggedRequest, Scenario, Sim, SimOptions};
use credaudit::inside::{Production, baseline, parse_estate, parse_policy};
use credaudit::inside::{assess, plan};
use toml::{Table, Value};

use crate::binary::{dated, scrubbed};

/// The tidy tenant and its estate, as tables to change.
pub(crate) struct Tenant {
    pub scenario: Table,
    pub estate: Table,
    /// The text of a policy; the baseline without it.
    pub policy: Option<String>,
    /// The last run's snapshot.
    pub previous: Option<Arc<Snapshot>>,
    pub probe_writes: bool,
    /// When the scenario begins, and when it is judged: the same for every run of one tenant.
    pub now: chrono::DateTime<chrono::Utc>,
}

/// Everything one audit gave.
pub(crate) struct Audited {
    pub snapshot: Snapshot,
    pub assessment: Assessment,
    pub requests: Vec<LoggedRequest>,
}

fn table(text: &str) -> Table {
    text.parse().expect("the built-in file is TOML")
}

/// The tidy estate as text, its mail leaving by this line of `[mail]`, with `more` tables.
pub(crate) fn estate_that_mails(way: &str, more: &str) -> String {
    let text = Scenario::estate("tidy").expect("it is built in");
    let lines = text.lines().map(|line| match line {
        line if line.starts_with("smtp = ") => way,
        line => line,
    });
    lines.chain([more, ""]).collect::<Vec<_>>().join("\n")
}

/// Takes Finance & Operations out of every environment and registration.
fn without_finops(file: &mut Table) {
    for (_, list) in file.iter_mut() {
        let inner: Vec<&mut Value> = match list {
            Value::Array(all) => all.iter_mut().collect(),
            Value::Table(all) => all.iter_mut().map(|(_, one)| one).collect(),
            _ => Vec::new(),
        };
        for one in inner.into_iter().filter_map(Value::as_table_mut) {
            one.remove("finops");
        }
    }
}

/// The entry of a list of tables whose `key` is `value`.
fn entry<'a>(list: &'a mut Value, key: &str, value: &str) -> &'a mut Table {
    list.as_array_mut()
        .expect("a list")
        .iter_mut()
        .filter_map(Value::as_table_mut)
        .find(|table| table.get(key).and_then(Value::as_str) == Some(value))
        .expect("an entry of that name")
}

impl Tenant {
    pub(crate) fn tidy() -> Self {
        Self::named("tidy")
    }

    /// A built-in scenario with its estate.
    pub(crate) fn named(name: &str) -> Self {
        Self {
            scenario: table(Scenario::text(name).expect("it is built in")),
            estate: table(Scenario::estate(name).expect("it is built in")),
            policy: None,
            previous: None,
            probe_writes: false,
            now: chrono::Utc::now(),
        }
    }

    /// The tidy tenant under the host names of another cloud.
    pub(crate) fn tidy_in(cloud: Cloud) -> Self {
        let hosts = cloud.hosts();
        let dataverse = format!(".{}{}", hosts.dataverse[0].label, hosts.dataverse[0].domain);
        let moved = |text: Option<&str>| {
            let text = text
                .expect("it is built in")
                .replace("cloud = \"public\"", &format!("cloud = \"{cloud}\""))
                .replace(".crm4.dynamics.com", &dataverse)
                .replace(
                    ".operations.dynamics.com",
                    hosts.finops.first().copied().unwrap_or_default(),
                )
                .replace(".vault.azure.net", hosts.vault);
            table(&text)
        };
        let mut scenario = moved(Scenario::text("tidy"));
        let mut estate = moved(Scenario::estate("tidy"));
        if hosts.finops.is_empty() {
            without_finops(&mut scenario);
            without_finops(&mut estate);
        }
        Self {
            scenario,
            estate,
            policy: None,
            previous: None,
            probe_writes: false,
            now: chrono::Utc::now(),
        }
    }

    pub(crate) fn application(&mut self, name: &str) -> &mut Table {
        entry(&mut self.scenario["applications"], "name", name)
    }

    /// The first secret of an application.
    pub(crate) fn secret(&mut self, application: &str) -> &mut Table {
        self.application(application)["secrets"][0]
            .as_table_mut()
            .expect("a secret")
    }

    pub(crate) fn vault(&mut self, vault: &str) -> &mut Table {
        self.scenario["vaults"][vault]
            .as_table_mut()
            .expect("a vault")
    }

    pub(crate) fn stored(&mut self, vault: &str, name: &str) -> &mut Table {
        entry(&mut self.scenario["vaults"][vault]["secrets"], "name", name)
    }

    pub(crate) fn user(&mut self, environment: &str, application: &str) -> &mut Table {
        entry(
            &mut self.scenario["environments"][environment]["users"],
            "application",
            application,
        )
    }

    pub(crate) fn role(&mut self, environment: &str, name: &str) -> &mut Table {
        entry(
            &mut self.scenario["environments"][environment]["roles"],
            "name",
            name,
        )
    }

    pub(crate) fn finops(&mut self, environment: &str) -> &mut Table {
        self.scenario["environments"][environment]["finops"]
            .as_table_mut()
            .expect("a Finance & Operations side")
    }

    pub(crate) fn finops_client(&mut self, environment: &str, application: &str) -> &mut Table {
        let clients = &mut self.finops(environment)["clients"];
        entry(clients, "application", application)
    }

    pub(crate) fn finops_user(&mut self, environment: &str, name: &str) -> &mut Table {
        entry(&mut self.finops(environment)["users"], "name", name)
    }

    pub(crate) fn finops_role(&mut self, environment: &str, name: &str) -> &mut Table {
        entry(&mut self.finops(environment)["roles"], "name", name)
    }

    pub(crate) fn registration(&mut self, name: &str) -> &mut Table {
        entry(&mut self.estate["registrations"], "name", name)
    }

    pub(crate) fn fault(&mut self, text: &str) {
        let fault = Value::Table(table(text));
        self.scenario
            .entry("faults")
            .or_insert_with(|| Value::Array(Vec::new()))
            .as_array_mut()
            .expect("a list")
            .push(fault);
    }

    /// Starts the tenant and audits it under the baseline.
    pub(crate) async fn audit(&self) -> Audited {
        self.audit_within(Duration::from_secs(120)).await
    }

    pub(crate) async fn audit_within(&self, deadline: Duration) -> Audited {
        let scenario = Scenario::parse(&self.scenario.to_string()).expect("a scenario");
        let estate = parse_estate(&Arc::new(SourceFile {
            name: "estate.toml".to_owned(),
            text: self.estate.to_string(),
        }))
        .expect("an estate");
        let sim = Sim::start(
            scenario,
            SimOptions {
                port: None,
                now: self.now,
            },
        )
        .await
        .expect("the pretend tenant starts");
        let policy = match &self.policy {
            None => baseline(),
            Some(text) => {
                let file = SourceFile {
                    name: "policy.toml".to_owned(),
                    text: text.clone(),
                };
                let none = |name: &str| Err(name.to_owned());
                parse_policy(&Arc::new(file), &none).expect("a policy")
            }
        };
        let options = Options {
            previous: self.previous.clone(),
            probe_writes: self.probe_writes.then(|| Production::of(&estate)),
            deadline,
            ..options(&sim, policy.isolation)
        };
        let snapshot = self.at_its_moment(collect(&estate, None, &options).await);
        let requests = sim.requests();
        sim.stop().await;
        let plan = plan(&policy).expect("the policy is sound");
        let assessment = assess(&plan, &snapshot, None);
        Audited {
            snapshot,
            assessment,
            requests,
        }
    }

    /// The snapshot as if it had begun when the scenario did: no midnight lies between the two.
    fn at_its_moment(&self, mut snapshot: Snapshot) -> Snapshot {
        snapshot.finished = self.now + (snapshot.finished - snapshot.started);
        snapshot.started = self.now;
        if let Some(clock) = &mut snapshot.clock {
            clock.at_start = self.now + chrono::TimeDelta::seconds(clock.ahead_seconds);
        }
        snapshot
    }
}

/// How the pretend tenant's own auditor collects, of one run.
pub(crate) fn options(sim: &Sim, isolation: IsolationProbe) -> Options {
    let auditor = sim.auditor();
    Options {
        previous: None,
        isolation,
        probe_writes: None,
        run: "00000000-0000-4000-8000-000000000001".to_owned(),
        trust: Some(Trust {
            ca_pem: sim.ca_pem().to_owned(),
            connect: sim.tls_addr(),
        }),
        environment: AuditorVariables {
            tenant_id: Some(auditor.tenant_id),
            client_id: Some(auditor.client_id),
            client_secret: Some(auditor.client_secret.into()),
            ..AuditorVariables::default()
        },
        deadline: Duration::from_secs(60),
        report_span: Duration::from_millis(50),
        progress: Arc::new(Silent),
        cancel: None,
    }
}

impl Audited {
    /// Check ids of the findings, each once.
    pub(crate) fn roots(&self) -> BTreeSet<&str> {
        self.assessment
            .findings
            .iter()
            .map(|finding| finding.check.as_str())
            .collect()
    }

    /// Check ids of what is listed inside them, each once.
    pub(crate) fn consequences(&self) -> BTreeSet<&str> {
        self.assessment
            .findings
            .iter()
            .flat_map(|finding| &finding.consequences)
            .map(|consequence| consequence.check.as_str())
            .collect()
    }

    /// The report as a terminal of 100 columns shows it, without what differs from run to run.
    pub(crate) fn report(&self) -> String {
        let options = TableOptions {
            width: 100,
            colour: false,
            powershell_first: false,
        };
        let bytes = render(Format::Table, &self.assessment, &options);
        let text = String::from_utf8(bytes).expect("UTF-8");
        dated(&scrubbed(&text), self.assessment.run.as_of.date_naive())
            .replace(env!("CARGO_PKG_VERSION"), "[version]")
    }

    /// The gaps in words, for a test that fails.
    pub(crate) fn gaps(&self) -> Vec<String> {
        self.assessment
            .gaps
            .iter()
            .map(|gap| format!("{}: {}", gap.kind, gap.seen))
            .collect()
    }
}
