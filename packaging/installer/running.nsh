; A running Mailgrant: ask its windows to close, then wait until its files can be
; replaced. Files in use are the only sure sign: the program may run in another
; session, or as a command or a scheduled renewal without a window.

; One file of InUse: $1 becomes 1 if it cannot be opened to be written.
!macro _InUse file
  ${If} ${FileExists} "$INSTDIR\${file}"
    ClearErrors
    FileOpen $0 "$INSTDIR\${file}" a
    ${If} ${Errors}
      StrCpy $1 1
    ${Else}
      FileClose $0
    ${EndIf}
  ${EndIf}
!macroend

!macro Running un
; CloseWindows asks every window of a program in $INSTDIR to close.
Function ${un}CloseWindows
  Push $0
  Push $1
  Push $2
  Push $3
  StrCpy $0 0
  ${Do}
    ; GLFW, which draws the window, registers this class.
    System::Call 'user32::FindWindowExW(p 0, p r0, w "GLFW30", p 0) p.r0'
    ${If} $0 P= 0
      ${Break}
    ${EndIf}
    System::Call 'user32::GetWindowThreadProcessId(p r0, *i .r1)'
    System::Call 'kernel32::OpenProcess(i 0x1000, i 0, i r1) p.r2' ; PROCESS_QUERY_LIMITED_INFORMATION
    ${If} $2 P<> 0
      System::Call 'kernel32::QueryFullProcessImageNameW(p r2, i 0, w .r3, *i ${NSIS_MAX_STRLEN}) i.r1'
      System::Call 'kernel32::CloseHandle(p r2)'
      StrLen $1 "$INSTDIR\"
      StrCpy $3 $3 $1
      ${If} $3 == "$INSTDIR\"
        System::Call 'user32::PostMessageW(p r0, i ${WM_CLOSE}, p 0, p 0)'
      ${EndIf}
    ${EndIf}
  ${Loop}
  Pop $3
  Pop $2
  Pop $1
  Pop $0
FunctionEnd

; InUse leaves 1 on the stack if a program in $INSTDIR runs, else 0.
Function ${un}InUse
  Push $0
  Push $1
  StrCpy $1 0
  !insertmacro _InUse "mailgrant.exe"
  !insertmacro _InUse "mailgrant-cli.exe"
  !insertmacro _InUse "software\mailgrant.exe"
  Exch $1
  Exch
  Pop $0
FunctionEnd

; CloseRunning returns when no program in $INSTDIR runs, or ends the setup with
; exit code 4. It waits 15 seconds and asks the windows to close every five: one
; that was just opening may miss the first request.
Function ${un}CloseRunning
  Push $0
  Push $1
again:
  StrCpy $0 0
  ${Do}
    Call ${un}InUse
    Pop $1
    ${If} $1 = 0
      Goto closed
    ${EndIf}
    IntOp $1 $0 % 20
    ${If} $1 = 0
      DetailPrint "$(Closing)"
      Call ${un}CloseWindows
    ${EndIf}
    Sleep 250
    IntOp $0 $0 + 1
  ${LoopUntil} $0 > 60
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(StillRunning)" /SD IDCANCEL IDRETRY again
  SetErrorLevel 4
  Quit
closed:
  Pop $1
  Pop $0
FunctionEnd
!macroend
