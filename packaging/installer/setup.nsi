; Mailgrant's setup for Windows 10 / Server 2016 and later, 64 bit.
; Called by packaging/make-installer, which defines
;   VERSION FILEVERSION NAME WEBSITE  from FyneApp.toml
;   STAGED   folder with the signed programs and the texts
;   RENDERER folder with the software OpenGL
;   ICON OUT SIZE_KB SIGN
; packaging/README.md documents the options and exit codes.

Target amd64-unicode
SetCompressor /SOLID lzma
SetCompressorDictSize 64
ManifestSupportedOS Win10
ManifestDPIAware true
ManifestLongPathAware true

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Mailgrant"
!define EVENTS "SYSTEM\CurrentControlSet\Services\EventLog\Application\Mailgrant"

!define MULTIUSER_EXECUTIONLEVEL Highest
!define MULTIUSER_MUI
!define MULTIUSER_INSTALLMODE_COMMANDLINE
!define MULTIUSER_USE_PROGRAMFILES64
!define MULTIUSER_INSTALLMODE_INSTDIR "${NAME}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_KEY "${KEY}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_VALUENAME "InstallLocation"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_KEY "${KEY}"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_VALUENAME "UninstallString"
!define MULTIUSER_INSTALLMODE_FUNCTION UseGivenFolder
!pragma warning disable 6010 ; MultiUser brings a function that only its own uninstaller code would call
!include MultiUser.nsh
!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WinVer.nsh
!include WordFunc.nsh
!include x64.nsh
!include path.nsh
!include running.nsh

Name "${NAME}"
OutFile "${OUT}"
BrandingText "${NAME} ${VERSION}"
ShowInstDetails nevershow
ShowUninstDetails nevershow
!finalize '"${SIGN}" "%1"' = 0
!uninstfinalize '"${SIGN}" "%1"' = 0

VIProductVersion "${FILEVERSION}"
!macro VersionTexts language description
  VIAddVersionKey /LANG=${language} "ProductName" "${NAME}"
  VIAddVersionKey /LANG=${language} "ProductVersion" "${VERSION}"
  VIAddVersionKey /LANG=${language} "FileVersion" "${VERSION}"
  VIAddVersionKey /LANG=${language} "FileDescription" "${description}"
  VIAddVersionKey /LANG=${language} "CompanyName" "The Mailgrant authors"
  VIAddVersionKey /LANG=${language} "LegalCopyright" "© The Mailgrant authors, MIT License"
!macroend
!insertmacro VersionTexts 1033 "Setup of Mailgrant"
!insertmacro VersionTexts 1031 "Setup von Mailgrant"

Var givenFolder ; from /D=, which MultiUser would forget
Var there       ; the folder of an installation of the chosen kind, if there is one

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_NOAUTOCLOSE
!define MUI_UNFINISHPAGE_NOAUTOCLOSE

!define MULTIUSER_PAGE_CUSTOMFUNCTION_PRE SkipOnUpgrade
!insertmacro MULTIUSER_PAGE_INSTALLMODE
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipOnUpgrade
!insertmacro MUI_PAGE_DIRECTORY
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipOnUpgrade
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_TEXT "$(StartIt)"
!define MUI_FINISHPAGE_RUN_FUNCTION Start
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES

; The language is the one of the Windows display; English if it is another.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"
!include texts.nsh

!insertmacro EditPath ""
!insertmacro EditPath "un."
!insertmacro Running ""
!insertmacro Running "un."

; Finish ends a setup that cannot go on: with a message, unless silent, and the code.
!macro Finish text code
  MessageBox MB_OK|MB_ICONSTOP "${text}" /SD IDOK
  SetErrorLevel ${code}
  Quit
!macroend

; OnlyOne takes the name that every setup and uninstaller has while it works, in
; whichever session: $0 is the error, $2 the handle. SYNCHRONIZE is all that SYSTEM
; gives an administrator. Where not even that is given, another user is at work, on
; an installation of their own.
!define ERROR_ALREADY_EXISTS 183
!macro OnlyOne
  System::Call 'kernel32::CreateMutexExW(p 0, w "Global\MailgrantSetup", i 0, i 0x100000) p.r2 ?e'
  Pop $0
!macroend

Function .onInit
  SetRegView 64
  StrCpy $givenFolder $INSTDIR
  ${IfNot} ${AtLeastWin10}
    !insertmacro Finish "$(NeedWindows10)" 5
  ${EndIf}
  ; A silent uninstaller returns before its work is done: who installs at once
  ; again, as scripts do, waits for it, up to a minute.
  StrCpy $1 0
  ${Do}
    !insertmacro OnlyOne
    ${If} $0 <> ${ERROR_ALREADY_EXISTS}
      ${Break}
    ${EndIf}
    ${IfNot} ${Silent}
    ${OrIf} $1 = 240
      !insertmacro Finish "$(AlreadyRunning)" 6
    ${EndIf}
    System::Call 'kernel32::CloseHandle(p r2)'
    Sleep 250
    IntOp $1 $1 + 1
  ${Loop}

  ; NSIS itself passes over a folder that cannot be one, such as one in quotes or
  ; below a file.
  ${If} $givenFolder == ""
    System::Call 'kernel32::GetCommandLineW() p.r0'
    System::Call 'shlwapi::StrStrIW(p r0, w "/D=") p.r0'
    ${If} $0 P<> 0
      !insertmacro Finish "$(NotThisFolder)" 2
    ${EndIf}
  ${EndIf}

  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/AllUsers" $1
  ${IfNot} ${Errors}
    UserInfo::GetAccountType
    Pop $1
    ${If} $1 != "Admin"
      !insertmacro Finish "$(NeedAdministrator)" 3
    ${EndIf}
  ${EndIf}
  !insertmacro MULTIUSER_INIT

  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/AddToPath" $1
  ${IfNot} ${Errors}
    Call SelectPath
  ${EndIf}
FunctionEnd

; UseGivenFolder runs whenever the kind of installation (one user, all) is set.
Function UseGivenFolder
  ${If} $givenFolder != ""
    StrCpy $INSTDIR $givenFolder
  ${EndIf}
  ReadRegStr $there SHCTX "${KEY}" "InstallLocation"
  ${IfNot} ${FileExists} "$there\uninstall.exe"
    StrCpy $there ""
  ${EndIf}
  ReadRegDWORD $0 SHCTX "${KEY}" "AddedToPath"
  ${If} $0 = 1
    Call SelectPath
  ${EndIf}
FunctionEnd

Function SkipOnUpgrade
  ${If} $there != ""
    Abort
  ${EndIf}
FunctionEnd

; MayReplace ends the setup if the installation that is there should rather stay.
Function MayReplace
  ${If} $there == ""
    Return
  ${EndIf}
  ; Its entry in Windows would be lost, and its scheduled tasks run the program there.
  ${If} $there != $INSTDIR
    !insertmacro Finish "$(InstalledElsewhere)" 7
  ${EndIf}
  ReadRegStr $0 SHCTX "${KEY}" "DisplayVersion"
  ${VersionCompare} "$0" "${VERSION}" $1
  ${If} $1 = 1
    ${GetParameters} $1
    ClearErrors
    ${GetOptions} $1 "/Downgrade" $1
    ${If} ${Errors}
      MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "$(NewerInstalled)" /SD IDNO IDYES replace
      SetErrorLevel 8
      Quit
    ${EndIf}
  ${EndIf}
replace:
FunctionEnd

; Through the desktop's own shell, so that the program does not inherit the
; setup's elevated rights.
Function Start
  Exec '"$WINDIR\explorer.exe" "$SMPROGRAMS\${NAME}.lnk"'
FunctionEnd

Section "$(SectionProgram)" SecProgram
  SectionIn RO
  Call MayReplace
  Call CloseRunning
  SetOverwrite try
  ClearErrors
  SetOutPath "$INSTDIR"
  File "${STAGED}/mailgrant.exe"
  File "${STAGED}/mailgrant-cli.exe"
  File "${STAGED}/LICENSE.txt"
  File "${STAGED}/THIRD-PARTY-LICENSES.txt"
  SetOutPath "$INSTDIR\software"
  File "${RENDERER}/opengl32.dll"
  File "${RENDERER}/libgallium_wgl.dll"
  File "${RENDERER}/libglapi.dll"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    !insertmacro Finish "$(NotWritten)" 2
  ${EndIf}

  ; The renderer works only for a program in its own folder: the same program
  ; under a second name, and a copy where the disk knows no hard links.
  Delete "$INSTDIR\software\mailgrant.exe"
  System::Call 'kernel32::CreateHardLinkW(w "$INSTDIR\software\mailgrant.exe", w "$INSTDIR\mailgrant.exe", p 0) i.r0'
  ${If} $0 = 0
    ClearErrors
    CopyFiles /SILENT "$INSTDIR\mailgrant.exe" "$INSTDIR\software\mailgrant.exe"
    ${If} ${Errors}
      !insertmacro Finish "$(NotWritten)" 2
    ${EndIf}
  ${EndIf}

  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\mailgrant.exe" "" "" "" SW_SHOWNORMAL "" "$(ShortcutText)"

  WriteRegStr SHCTX "${KEY}" "DisplayName" "${NAME}"
  WriteRegStr SHCTX "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${KEY}" "DisplayIcon" "$INSTDIR\mailgrant.exe,0"
  WriteRegStr SHCTX "${KEY}" "Publisher" "The Mailgrant authors"
  WriteRegStr SHCTX "${KEY}" "URLInfoAbout" "${WEBSITE}"
  WriteRegStr SHCTX "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode'
  WriteRegStr SHCTX "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode /S'
  WriteRegDWORD SHCTX "${KEY}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD SHCTX "${KEY}" "NoModify" 1
  WriteRegDWORD SHCTX "${KEY}" "NoRepair" 1
  ${GetTime} "" "L" $0 $1 $2 $3 $4 $5 $6
  WriteRegStr SHCTX "${KEY}" "InstallDate" "$2$1$0"

  ; Windows' own message file shows the text of an event as it is.
  ${If} $MultiUser.InstallMode == "AllUsers"
    WriteRegExpandStr HKLM "${EVENTS}" "EventMessageFile" "%SystemRoot%\System32\EventCreate.exe"
    WriteRegDWORD HKLM "${EVENTS}" "TypesSupported" 7
  ${EndIf}
SectionEnd

Section /o "$(SectionPath)" SecPath
  Push "add"
  Call EditPath
  WriteRegDWORD SHCTX "${KEY}" "AddedToPath" 1
SectionEnd

Function SelectPath
  !insertmacro SelectSection ${SecPath}
FunctionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${SecProgram} "$(AboutProgram)"
  !insertmacro MUI_DESCRIPTION_TEXT ${SecPath} "$(AboutPath)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; The uninstaller removes the installation it lies in, whatever else there is.
Function un.onInit
  SetRegView 64
  !insertmacro OnlyOne
  ${If} $0 = ${ERROR_ALREADY_EXISTS}
    !insertmacro Finish "$(AlreadyRunning)" 6
  ${EndIf}
  UserInfo::GetAccountType
  Pop $MultiUser.Privileges
  StrCpy $0 $INSTDIR
  ReadRegStr $1 HKLM "${KEY}" "InstallLocation"
  ${If} $0 == $1
    ${If} $MultiUser.Privileges != "Admin"
      !insertmacro Finish "$(NeedAdministrator)" 3
    ${EndIf}
    Call un.MultiUser.InstallMode.AllUsers
  ${Else}
    Call un.MultiUser.InstallMode.CurrentUser
  ${EndIf}
  StrCpy $INSTDIR $0
FunctionEnd

; RemoveTask removes a task that runs this installation's program.
!macro RemoveTask name
  nsExec::Exec '"$SYSDIR\cmd.exe" /d /c $SYSDIR\schtasks.exe /Query /XML /TN "${NAME}\${name}" | $SYSDIR\find.exe /I ">$INSTDIR\mailgrant-cli.exe<" && $SYSDIR\schtasks.exe /Delete /F /TN "${NAME}\${name}"'
  Pop $0
!macroend

Section "un.${NAME}"
  Call un.CloseRunning

  ; Renewals and the monitor lie in a folder of their own, which another installation
  ; may share: only those that run this one's program go. Those of other users are
  ; seen, and removed, only with an administrator's rights.
  System::Call 'kernel32::SetEnvironmentVariableW(w "MAILGRANT_PROGRAM", w "$INSTDIR\mailgrant-cli.exe")'
  nsExec::Exec `"$SYSDIR\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -NonInteractive -Command "$$ErrorActionPreference = 'Stop'; $$s = New-Object -ComObject Schedule.Service; $$s.Connect(); $$f = $$s.GetFolder('\${NAME}'); foreach ($$t in @($$f.GetTasks(1))) { if (([xml]$$t.Xml).Task.Actions.Exec.Command -eq $$env:MAILGRANT_PROGRAM) { try { $$f.DeleteTask($$t.Name, 0) } catch {} } }; try { $$s.GetFolder('\').DeleteFolder('${NAME}', 0) } catch {}"`
  Pop $0
  ${If} $0 != "0"
    ; This user's, by the older tools, where PowerShell is restricted.
    ReadEnvStr $1 USERDOMAIN
    ReadEnvStr $2 USERNAME
    !insertmacro RemoveTask "Renewal $1-$2"
    !insertmacro RemoveTask "Monitor $1-$2"
  ${EndIf}

  ClearErrors
  Delete "$INSTDIR\software\mailgrant.exe"
  Delete "$INSTDIR\software\opengl32.dll"
  Delete "$INSTDIR\software\libgallium_wgl.dll"
  Delete "$INSTDIR\software\libglapi.dll"
  Delete "$INSTDIR\mailgrant.exe"
  Delete "$INSTDIR\mailgrant-cli.exe"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\THIRD-PARTY-LICENSES.txt"
  ; Not at the next start of Windows, which would also delete what is installed again
  ; until then: the uninstaller and its entry stay, to be used once more.
  ${If} ${Errors}
    !insertmacro Finish "$(NotRemoved)" 2
  ${EndIf}
  Push "remove"
  Call un.EditPath
  Delete "$SMPROGRAMS\${NAME}.lnk"
  ${If} $MultiUser.InstallMode == "AllUsers"
    DeleteRegKey HKLM "${EVENTS}"
  ${EndIf}
  DeleteRegKey SHCTX "${KEY}"
  ; Last, for a script that waits until the folder is gone.
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR\software"
  RMDir "$INSTDIR"

  ; The user's own: kept unless the answer is yes, so kept when silent.
  SetShellVarContext current
  ${If} ${FileExists} "$LOCALAPPDATA\${NAME}\*.*"
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(RemoveData)" /SD IDNO IDNO keep
    RMDir /r "$LOCALAPPDATA\${NAME}"
  keep:
  ${EndIf}
SectionEnd
