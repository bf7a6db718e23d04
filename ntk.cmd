@echo off
rem The launcher for Windows: runs the command-line jar in target\, and builds it where there is none (mvn package builds it
rem again when sources have changed).
setlocal
set "root=%~dp0"
set "needs=Finite NTK needs Java 17 or newer"

if defined JAVA_HOME goto home
for %%j in (java.exe) do set "java=%%~$PATH:j"
if not defined java (
  echo ntk: java was not found. %needs%. >&2
  exit /b 1
)
for %%j in ("%java%\..\..") do set "home=%%~fj"
goto version
:home
set "home=%JAVA_HOME%"
set "java=%JAVA_HOME%\bin\java.exe"
if not exist "%java%" (
  echo ntk: JAVA_HOME is %JAVA_HOME%, where there is no bin\java.exe. %needs%; set JAVA_HOME to it or unset it. >&2
  exit /b 1
)

:version
set "version="
if exist "%home%\release" for /f "usebackq tokens=1,2 delims==" %%k in ("%home%\release") do if "%%k" == "JAVA_VERSION" set "version=%%~l"
if not defined version for /f "tokens=3" %%v in ('call "%java%" -version 2^>^&1 ^| findstr /i /c:" version "') do set "version=%%~v"
set "major="
if defined version for /f "delims=.-" %%m in ("%version%") do set "major=%%m"
if defined major if %major% LSS 17 (
  echo ntk: %java% is Java %version%. %needs%; JAVA_HOME chooses among several. >&2
  exit /b 1
)

call :find
if defined jar goto run
echo ntk: building ... >&2
call mvn -B -q -f "%root%pom.xml" -Dmaven.test.skip=true -Dspotless.check.skip=true package >&2
if errorlevel 1 (
  echo ntk: the build failed; it needs Maven and a JDK 17 or newer. >&2
  exit /b 1
)
call :find
if not defined jar (
  echo ntk: the build left no jar in %root%target. >&2
  exit /b 1
)

:run
rem parallelism is ours: OpenBLAS need not start threads of its own
set OPENBLAS_NUM_THREADS=1
"%java%" -Xlog:disable -Xlog:all=warning,os+thread=off:stderr -Djava.awt.headless=true -Dntk.command=ntk %NTK_JAVA_OPTS% -jar "%jar%" %*
exit /b %errorlevel%

:find
set "jar="
if not exist "%root%target" exit /b 0
pushd "%root%target"
for %%f in (finite-ntk-*-cli.jar) do set "jar=%root%target\%%f"
popd
exit /b 0
