#@ az-intro
set -eu
apply=no
if [ "${1:-}" = apply ]; then apply=yes; fi
change() {
    printf '+ %s\n' "$*"
    if [ "$apply" = yes ]; then "$@"; fi
}
#@ values
tenant=%tenant%
app=%client%
name=%name%
audience=%audience%
exchange=00000002-0000-0ff1-ce00-000000000000
#@ az-connect
signed_in=$(az account show --query tenantId --output tsv)
printf 'Signed in to the tenant %s; expected: %s\n' "$signed_in" "$tenant"
#@ az-registration
if [ -z "$app" ]; then
    app=$(az ad app list --filter %name-filter% --query '[].appId' --output tsv)
    case $app in *[[:space:]]*) echo 'There are several app registrations of this name. Enter the application ID in Mailgrant and copy the script again.' >&2; exit 1 ;; esac
fi
if [ -z "$app" ]; then
    change az ad app create --display-name "$name" --sign-in-audience "$audience" --query appId --output tsv
    if [ "$apply" = no ]; then echo 'The rest needs the registration: run again with "apply".'; exit 0; fi
    app=$(az ad app list --filter %name-filter% --query '[].appId' --output tsv)
fi
#@ az-redirects
missing=no
set --
for redirect in $(az ad app show --id "$app" --query 'publicClient.redirectUris[]' --output tsv); do set -- "$@" "$redirect"; done
for redirect in %redirects%; do
    case " $* " in *" $redirect "*) ;; *) set -- "$@" "$redirect"; missing=yes ;; esac
done
if [ "$missing" = yes ]; then change az ad app update --id "$app" --public-client-redirect-uris "$@"; fi
missing=no
set --
for redirect in $(az ad app show --id "$app" --query 'web.redirectUris[]' --output tsv); do set -- "$@" "$redirect"; done
for redirect in %web-redirects%; do
    case " $* " in *" $redirect "*) ;; *) set -- "$@" "$redirect"; missing=yes ;; esac
done
if [ "$missing" = yes ]; then change az ad app update --id "$app" --web-redirect-uris "$@"; fi
if ! az ad sp show --id "$app" --query id --output tsv >/dev/null 2>&1; then change az ad sp create --id "$app" --query id --output tsv; fi
#@ az-permissions
declared=$(az ad app show --id "$app" --query 'requiredResourceAccess[].resourceAccess[].id' --output tsv)
for permission in %permissions%; do
    id=$(az ad sp show --id "$exchange" --query "%permission-list%[?value=='$permission'].id | [0]" --output tsv)
    case "$declared" in *"$id"*) ;; *) change az ad app permission add --id "$app" --api "$exchange" --api-permissions "$id=%permission-kind%" ;; esac
done
change az ad app permission admin-consent --id "$app"
#@ result
printf 'Application (client) ID: %s\nDirectory (tenant) ID: %s\n' "$app" "$signed_in"
