//! What tokens are for: the services that a tenant has a service principal for.

use crate::sim::catalogue::ResourceName;
use crate::sim::clouds::Cloud;
use crate::sim::scenario::Tenant;
use crate::sim::world::World;

/// Office 365 Exchange Online, as an application that sends by SMTP names it.
const EXCHANGE: &str = "https://outlook.office365.com";

pub(super) fn is_graph(tenant: &Tenant, resource: &str) -> bool {
    let resource = resource.trim_end_matches('/');
    resource == format!("https://{}", tenant.cloud.graph())
        || resource == "00000003-0000-0000-c000-000000000000"
}

/// The service whose application permissions a token for this resource carries.
pub(super) fn service(world: &World, tenant: &Tenant, resource: &str) -> Option<ResourceName> {
    if is_graph(tenant, resource) {
        return Some(ResourceName::Graph);
    }
    let root = resource.trim_end_matches('/').to_ascii_lowercase();
    let environments = world.scenario.environments.values();
    let is = |host: &str| root == format!("https://{host}");
    environments.into_iter().find_map(|environment| {
        let finops = environment.finops.as_ref();
        if finops.is_some_and(|finops| is(&finops.host)) {
            Some(ResourceName::DynamicsErp)
        } else {
            is(&environment.host).then_some(ResourceName::DynamicsCrm)
        }
    })
}

/// Whether the tenant has a service principal for this resource.
pub(super) fn is_resource(
    world: &World,
    tenant_key: &str,
    tenant: &Tenant,
    resource: &str,
) -> bool {
    let trimmed = resource.trim_end_matches('/').to_ascii_lowercase();
    is_graph(tenant, resource)
        || is_of_discovery(world, tenant, &trimmed)
        || (trimmed == EXCHANGE && tenant.cloud == Cloud::Public)
        || trimmed == tenant.cloud.vault_resource()
        || world.scenario.environments.values().any(|environment| {
            let finops = environment.finops.as_ref().map(|finops| &finops.host);
            environment.tenant == tenant_key
                && finops
                    .into_iter()
                    .chain([&environment.host])
                    .any(|host| trimmed == format!("https://{host}"))
        })
}

/// Whether it is one of the services by which an estate is found.
fn is_of_discovery(world: &World, tenant: &Tenant, resource: &str) -> bool {
    let platforms = world.scenario.platforms();
    let mut here = platforms
        .into_iter()
        .filter(|platform| platform.entra() == tenant.cloud);
    let is = |host: &str| resource.strip_prefix("https://") == Some(host);
    let without_api = world.scenario.discovery.without_power_platform_api;
    tenant
        .cloud
        .management_resources()
        .iter()
        .any(|known| known == resource)
        || here.any(|platform| {
            (is(platform.api()) && !without_api)
                || is(platform.global_discovery())
                || platform
                    .administration_resources()
                    .iter()
                    .any(|known| known == resource)
        })
}
