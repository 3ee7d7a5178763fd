//! Nothing planted in the tenant may be said at any verbosity.

use std::io::Write;
use std::sync::{Arc, Mutex};

use super::cloud::{Cloud, Reply};
use super::tenant::{estate, tidy};
use crate::collect::collect;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything logged at `filter` while a run meets good answers, or errors that quote a canary.
async fn logged(filter: &str, broken: bool) -> String {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let cloud = Cloud::start(move |call| {
        let login = call.path.ends_with("/token");
        if broken && call.token.is_some() && !login {
            return Reply::json(
                403,
                &serde_json::json!({"error": {"code": "canary code", "message": "canary message"}}),
            );
        }
        tidy(call)
    })
    .await;
    let (estate, options) = (estate(), cloud.options());
    let snapshot = collect(&estate, None, &options).await;
    drop(guard);
    assert!(
        !serde_json::to_string(&snapshot)
            .expect("json")
            .contains("canary")
    );
    assert!(!format!("{options:?} {snapshot:?}").contains("canary"));
    let log = log.0.lock().expect("the log").clone();
    String::from_utf8(log).expect("text")
}

#[tokio::test]
async fn own_log_lines_name_requests_and_nothing_secret() {
    for broken in [false, true] {
        let log = logged("credaudit=trace", broken).await;
        assert!(log.contains("kv-contoso.vault.azure.net"), "{log}");
        assert!(!log.contains("canary"), "{log}");
    }
}

#[tokio::test]
async fn no_library_under_it_says_more() {
    for broken in [false, true] {
        let log = logged("trace", broken).await;
        assert!(log.contains("request"), "the libraries were heard: {log}");
        assert!(!log.contains("canary"), "{log}");
    }
}
