//! A vault that refuses good tokens for a moment.

use super::*;

/// The body of a vault that does not know the key which signs Entra's tokens, for a moment
/// (terraform-provider-azurerm#30912).
fn unknown_key() -> Reply {
    Reply::json(
        401,
        &json!({"error": {"code": "Unauthorized", "message": "AKV10046: Unable to resolve the key used for signature validation. EncodedJwtHeader: 'canary'."}}),
    )
}

#[tokio::test]
async fn a_good_token_that_a_vault_refuses_for_a_moment_is_sent_again() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let once = move |call: &Call| {
        let read = vault_path(call)? == format!("/secrets/{NAME}");
        let first = read && asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        first.then(unknown_key)
    };
    let (snapshot, calls) = seen(estate(), once).await;
    assert!(entry(&snapshot).content.known().is_some());
    let reads = calls.iter().filter_map(vault_path);
    let reads = reads.filter(|path| *path == format!("/secrets/{NAME}"));
    assert_eq!(reads.count(), 2);

    let (snapshot, calls) = seen(estate(), |call| {
        (vault_path(call)? == format!("/secrets/{NAME}")).then(unknown_key)
    })
    .await;
    let gap = entry(&snapshot).content.gap().expect("refused for good");
    assert_eq!(gap.kind, GapKind::Unrecognised);
    assert!(
        gap.seen
            .contains("401 AKV10046: a temporary fault of Key Vault"),
        "{gap}"
    );
    assert!(gap.remedy.is_some(), "{gap}");
    let reads = calls.iter().filter_map(vault_path);
    let reads = reads.filter(|path| *path == format!("/secrets/{NAME}"));
    assert!(
        reads.count() <= 8,
        "asked again four times, by the SDK twice at most"
    );
}
