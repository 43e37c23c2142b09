; The search path, edited in memory of our own: NSIS strings end at 1024
; characters and would cut off a longer path, which is common on servers.
;
; EditPath expects "add" or "remove" on the stack; it changes the machine's path
; if the installation is for all users, else the user's. Nothing happens if the
; folder is there already, or is not there. Errors change nothing.

!define PATH_BYTES 131072 ; the buffer
!define PATH_LIMIT 120000 ; the longest path that is touched; Windows allows 65534 bytes

!macro EditPath un
Function ${un}EditPath
  Exch $0
  Push $1
  Push $2
  Push $3
  Push $4
  Push $5
  Push $6
  Push $7
  Push $8
  Push $9

  ${If} $MultiUser.InstallMode == "AllUsers"
    StrCpy $1 0x80000002
    StrCpy $2 "SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
  ${Else}
    StrCpy $1 0x80000001
    StrCpy $2 "Environment"
  ${EndIf}
  ; $3 key, opened to read and write (KEY_QUERY_VALUE 1, KEY_SET_VALUE 2, the 64-bit view 0x100)
  System::Call 'advapi32::RegOpenKeyExW(p r1, w r2, i 0, i 0x103, *p .r3) i.r4'
  ${If} $4 <> 0
    Goto end
  ${EndIf}

  ; $5 holds ";" and the path, so that each folder stands between two semicolons.
  System::Alloc ${PATH_BYTES}
  Pop $5
  System::Call '*$5(&i2 59)'
  IntPtrOp $6 $5 + 2
  System::Call 'advapi32::RegQueryValueExW(p r3, w "Path", p 0, *i .r7, p r6, *i ${PATH_LIMIT}) i.r4'
  ${If} $4 = 2 ; no such value: an empty one, of the usual kind REG_EXPAND_SZ
    StrCpy $7 2
    System::Call '*$6(&i2 0)'
  ${ElseIf} $4 <> 0
    Goto close
  ${ElseIf} $7 <> 1
  ${AndIf} $7 <> 2
    Goto close
  ${EndIf}
  System::Call 'kernel32::lstrlenW(p r6) i.r9' ; the path's own length
  System::Call 'kernel32::lstrcatW(p r5, w ";")'
  System::Call 'shlwapi::StrStrIW(p r5, w ";$INSTDIR;") p.r8'

  ${If} $0 == "add"
    ${If} $8 P<> 0
      Goto close
    ${EndIf}
    ; Take the closing semicolon back if the path is empty or has one of its own.
    IntOp $4 $9 - 1
    IntOp $4 $4 * 2
    IntPtrOp $4 $6 + $4
    System::Call '*$4(&i2 .r2)'
    ${If} $9 = 0
    ${OrIf} $2 = 59
      IntOp $4 $9 * 2
      IntPtrOp $4 $6 + $4
      System::Call '*$4(&i2 0)'
    ${EndIf}
    System::Call 'kernel32::lstrcatW(p r5, w "$INSTDIR")'
  ${Else}
    ${If} $8 P= 0
      Goto close
    ${EndIf}
    ; Move what follows over the folder, then drop the closing semicolon.
    StrLen $4 ";$INSTDIR"
    IntOp $4 $4 * 2
    IntPtrOp $4 $8 + $4
    System::Call 'kernel32::lstrlenW(p r4) i.r2'
    IntOp $2 $2 + 1
    IntOp $2 $2 * 2
    System::Call 'kernel32::RtlMoveMemory(p r8, p r4, p r2)'
    System::Call 'kernel32::lstrlenW(p r5) i.r4'
    ${If} $4 > 1
      IntOp $4 $4 - 1
      IntOp $4 $4 * 2
      IntPtrOp $4 $5 + $4
      System::Call '*$4(&i2 0)'
    ${Else}
      System::Call '*$6(&i2 0)'
    ${EndIf}
  ${EndIf}

  System::Call 'kernel32::lstrlenW(p r6) i.r4'
  IntOp $4 $4 + 1
  IntOp $4 $4 * 2
  System::Call 'advapi32::RegSetValueExW(p r3, w "Path", i 0, i r7, p r6, i r4) i.r4'
  ; Tell the desktop, so that consoles opened from now on see it.
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=5000

close:
  System::Call 'advapi32::RegCloseKey(p r3)'
  ${If} $5 P<> 0
    System::Free $5
  ${EndIf}
end:
  Pop $9
  Pop $8
  Pop $7
  Pop $6
  Pop $5
  Pop $4
  Pop $3
  Pop $2
  Pop $1
  Pop $0
FunctionEnd
!macroend
