package io.github.finitentk.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium, if this machine has one, that hears every message and every request of its pages. */
final class Browser implements AutoCloseable {

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts one; skips the test that asks where there is none, unless {@code -Dntk.browser.required=true}. */
    static Browser start(Path downloads) {
        Optional<Path> chromium = executable("chromium", "chromium-browser", "google-chrome");
        Optional<Path> service = executable("chromedriver");
        boolean found = chromium.isPresent() && service.isPresent();
        if (!Boolean.getBoolean("ntk.browser.required")) {
            Assumptions.assumeTrue(
                    found,
                    "chromium and chromedriver are not on the PATH (Debian: apt-get install chromium chromium-driver)");
        }
        assertThat(found).as("chromium and chromedriver on the PATH").isTrue();
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
        options.addArguments("--window-size=1200,900", "--hide-scrollbars", "--force-prefers-reduced-motion");
        options.setExperimentalOption("prefs", Map.of("download.default_directory", downloads.toString()));
        options.setCapability("goog:loggingPrefs", logs);
        return new Browser(new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(service.orElseThrow().toFile())
                        .build(),
                options));
    }

    private static Optional<Path> executable(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    ChromeDriver driver() {
        return driver;
    }

    /** Opens a page and waits until its scripts have run. */
    void open(Path page) {
        driver.get(page.toUri().toString());
        waitUntil("return document.readyState === 'complete'");
    }

    void waitUntil(String script) {
        new WebDriverWait(driver, Duration.ofSeconds(20)).until(d -> Boolean.TRUE.equals(run(script)));
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** The select with a label, within a place. */
    Select select(String place, String label) {
        return new Select(labelled(place, label).findElement(By.tagName("select")));
    }

    WebElement labelled(String place, String label) {
        return all(place + " label").stream()
                .filter(box -> box.findElement(By.tagName("span")).getText().equals(label))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no control \"" + label + "\" in " + place));
    }

    /** A digest of a drawing, and how many colours it has. */
    @SuppressWarnings("unchecked")
    Map<String, Object> picture(String place) {
        return (Map<String, Object>) run("""
            const drawing = document.querySelector(arguments[0] + ' svg');
            const colours = new Set();
            drawing.querySelectorAll('[fill], [stroke]').forEach(part =>
              ['fill', 'stroke'].forEach(ink => colours.add(part.getAttribute(ink))));
            let digest = 0;
            for (const letter of drawing.outerHTML) {
              digest = (Math.imul(digest, 31) + letter.codePointAt(0)) | 0;
            }
            return { digest, colours: colours.size };
            """, place);
    }

    /** All that is written in a drawing. */
    String words(String place) {
        return (String) run("return document.querySelector(arguments[0] + ' svg').textContent", place);
    }

    /** Messages of the console since the last call: errors, warnings, refusals of the policy. */
    List<String> messages() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Addresses that pages asked for since the last call. */
    List<String> requests() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<String> requests = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode message = mapper.readTree(entry.getMessage()).get("message");
            if (message.get("method").textValue().equals("Network.requestWillBeSent")) {
                requests.add(message.get("params").get("request").get("url").textValue());
            }
        }
        return requests;
    }

    /** The processor time of the page's main thread so far, once {@code Performance.enable} has been sent. */
    double threadSeconds() {
        List<?> metrics = (List<?>)
                driver.executeCdpCommand("Performance.getMetrics", Map.of()).get("metrics");
        return metrics.stream()
                .map(metric -> (Map<?, ?>) metric)
                .filter(metric -> metric.get("name").equals("ThreadTime"))
                .mapToDouble(metric -> ((Number) metric.get("value")).doubleValue())
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
