//! The line of each shell that gives an application one of Microsoft Graph's application permissions.
//!
//! Sources: Graph v1.0 "Grant an appRoleAssignment to a service principal"; Azure CLI reference, `az rest`; Microsoft
//! Graph PowerShell, `New-MgServicePrincipalAppRoleAssignment`, and `Connect-MgGraph` for its environments.

use crate::model::guid::is_guid;

/// The client id of Microsoft Graph itself, in every tenant.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// Who gets which permission, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GraphPermission {
    /// GUID of the application that gets it.
    pub client_id: String,
    /// GUID.
    pub tenant: String,
    /// `Application.Read.All`.
    pub name: String,
    /// Graph's host in the tenant's cloud.
    pub host: &'static str,
    /// What Microsoft Graph PowerShell calls the cloud.
    pub environment: &'static str,
}

impl GraphPermission {
    /// Ids and the name stand inside quoted texts of either shell: nothing but these forms gets there.
    fn is_plain(&self) -> bool {
        let name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
        is_guid(&self.client_id)
            && is_guid(&self.tenant)
            && !self.name.is_empty()
            && self.name.bytes().all(name)
    }

    /// The line for bash; it ends where one of the three ids is not found, and nothing is granted.
    pub(crate) fn bash(&self) -> Option<String> {
        let Self {
            client_id,
            name,
            host,
            ..
        } = self;
        self.is_plain().then(|| format!(
            "( SP=$(az ad sp show --id {client_id} --query id --output tsv) && GRAPH=$(az ad sp show --id {GRAPH} --query id --output tsv) && ROLE=$(az ad sp show --id {GRAPH} --query \"appRoles[?value=='{name}'].id\" --output tsv) && [ -n \"$SP\" ] && [ -n \"$GRAPH\" ] && [ -n \"$ROLE\" ] && az rest --method POST --uri \"https://{host}/v1.0/servicePrincipals/$SP/appRoleAssignments\" --headers Content-Type=application/json --body \"{{\\\"principalId\\\":\\\"$SP\\\",\\\"resourceId\\\":\\\"$GRAPH\\\",\\\"appRoleId\\\":\\\"$ROLE\\\"}}\" --output none )"
        ))
    }

    /// The line for PowerShell with the Microsoft Graph module.
    pub(crate) fn powershell(&self) -> Option<String> {
        let Self {
            client_id,
            tenant,
            name,
            environment,
            ..
        } = self;
        self.is_plain().then(|| format!(
            "& {{ $ErrorActionPreference = 'Stop'; Connect-MgGraph -Environment {environment} -TenantId '{tenant}' -Scopes 'Application.Read.All','AppRoleAssignment.ReadWrite.All' -NoWelcome; $sp = Get-MgServicePrincipal -Filter \"appId eq '{client_id}'\"; $graph = Get-MgServicePrincipal -Filter \"appId eq '{GRAPH}'\"; $role = $graph.AppRoles | Where-Object {{ $_.Value -eq '{name}' -and $_.AllowedMemberTypes -contains 'Application' }}; if (-not ($sp -and $role)) {{ throw 'the application or the permission was not found, and nothing was granted' }}; New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $sp.Id -PrincipalId $sp.Id -ResourceId $graph.Id -AppRoleId $role.Id }}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permission(client_id: &str, name: &str) -> GraphPermission {
        GraphPermission {
            client_id: client_id.to_owned(),
            tenant: "8f0c4a52-0000-4000-8000-000000000001".to_owned(),
            name: name.to_owned(),
            host: "graph.microsoft.com",
            environment: "Global",
        }
    }

    #[test]
    fn nothing_but_an_id_and_a_name_gets_into_a_line() {
        let client_id = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001";
        let good = permission(client_id, "Application.Read.All");
        assert!(good.bash().is_some_and(|line| line.contains(client_id)));
        assert!(
            good.powershell()
                .is_some_and(|line| line.contains(client_id))
        );
        for (id, name) in [
            ("' or 1 eq 1", "Application.Read.All"),
            ("$(rm -rf ~)", "Application.Read.All"),
            (client_id, "x'] | $(id)"),
            (client_id, ""),
        ] {
            let bad = permission(id, name);
            assert_eq!((bad.bash(), bad.powershell()), (None, None), "{id} {name}");
        }
    }
}
