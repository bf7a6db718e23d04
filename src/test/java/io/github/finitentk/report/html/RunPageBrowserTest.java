package io.github.finitentk.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.store.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The page in a real browser. */
class RunPageBrowserTest {

    @TempDir
    static Path folder;

    private static Browser browser;

    @BeforeAll
    static void start() {
        browser = Browser.start(folder);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    private static Path page(String name, FinishedCells table) {
        Path page = folder.resolve(name + ".html");
        RunPage.of(table, name, "ntk report " + name + ".db").write(page);
        return page;
    }

    private static void open(String name, FinishedCells table) {
        browser.driver().manage().window().setSize(new Dimension(1200, 900));
        browser.open(page(name, table));
    }

    /** Whatever a test did, no page may have complained or asked for anything but itself. */
    @AfterEach
    void nothingWasReportedOrRequested() throws IOException {
        assertThat(browser.messages()).isEmpty();
        assertThat(browser.requests())
                .allMatch(address -> address.startsWith("file:") && address.endsWith(".html")
                        || address.startsWith("data:")
                        || address.startsWith("blob:"));
    }

    @Test
    void picturesAreDrawnAndFollowTheControls() {
        open("variance", Tables.varianceGrid());
        Map<String, Object> map = browser.picture("#map-chart");
        Map<String, Object> curves = browser.picture("#curves-chart");
        assertThat((Long) map.get("colours")).isGreaterThan(10);
        assertThat((Long) curves.get("colours")).isGreaterThan(3);

        browser.select("#map-controls", "hidden width M").selectByVisibleText("200");
        assertThat(browser.picture("#map-chart")).isNotEqualTo(map);
        browser.select("#map-controls", "hidden width M").selectByVisibleText("50");
        assertThat(browser.picture("#map-chart")).isEqualTo(map);
        browser.select("#map-controls", "activation").selectByVisibleText("relu");
        assertThat(browser.picture("#map-chart")).isNotEqualTo(map);
        browser.select("#map-controls", "activation").selectByVisibleText("tanh");
        browser.select("#map-controls", "colours").selectByVisibleText("the paper's");
        assertThat(browser.picture("#map-chart")).isNotEqualTo(map);
        browser.labelled("#map-controls", "logarithmic colours").click();
        assertThat(browser.find("#map-bar").getText()).doesNotContain("3");

        for (String along : List.of("weight variance σ_w²", "depth over width L/M", "hidden width M")) {
            Map<String, Object> before = browser.picture("#curves-chart");
            browser.select("#curves-controls", "along").selectByVisibleText(along);
            assertThat(browser.picture("#curves-chart")).as(along).isNotEqualTo(before);
        }
        Map<String, Object> before = browser.picture("#curves-chart");
        browser.labelled("#curves-controls", "logarithmic values").click();
        assertThat(browser.picture("#curves-chart")).isNotEqualTo(before);
    }

    @Test
    void cellsHaveTheColoursOfTheirNumbers() {
        open("colours", Tables.varianceGrid());
        // tanh at width 50: ratio 1 + sigmaW2 depth / 500, so 1.64 at the corner (4, 80).
        assertThat(colourOfCell(4, 80)).isEqualTo(shade(1.64));
        assertThat(colourOfCell(1, 5)).isEqualTo(shade(1.01));
    }

    private static String colourOfCell(double sigmaW2, double depth) {
        return (String) browser.run("""
                const place = document.getElementById('map-chart');
                const [x, y] = echarts.getInstanceByDom(place).convertToPixel('grid', [arguments[0], arguments[1]]);
                const shown = place.querySelector('canvas');
                const scale = shown.width / place.clientWidth;
                const canvas = new OffscreenCanvas(shown.width, shown.height).getContext('2d', { willReadFrequently: true });
                canvas.drawImage(shown, 0, 0);
                // Off the centre, where a sign may stand.
                const at = canvas.getImageData((x + 25) * scale, (y + 8) * scale, 1, 1).data;
                return '#' + [0, 1, 2].map(k => at[k].toString(16).padStart(2, '0')).join('');
                """, sigmaW2, depth);
    }

    private static String shade(double ratio) {
        return (String) browser.run("""
                const shades = JSON.parse(document.getElementById('data').textContent).colours.standard.diverging;
                return shades[Math.round((arguments[0] - 1) / 2 * (shades.length - 1))];
                """, ratio);
    }

    @Test
    void pointingAtACellShowsItsNumbers() {
        open("pointing", Tables.varianceGrid());
        WebElement chart = browser.find("#map-chart");
        new Actions(browser.driver())
                .scrollToElement(chart)
                .moveToElement(chart, 5, 5)
                .perform();
        browser.waitUntil("return document.querySelector('.tip .value') !== null");
        String tip = browser.find(".tip").getText();
        assertThat(tip).contains("tanh", "L = ", "M = 50", "𝔼[Θ(x, x)²] / 𝔼[Θ(x, x)]² = 1.", "method chain");
    }

    @Test
    void theMapIsReadWithTheKeyboard() {
        open("keyboard", Tables.varianceGrid());
        browser.run("document.getElementById('map-chart').focus()");
        assertThat(browser.find("#map-cell").getText()).contains("σw² = 1, ", "L = 5", "1.01");
        Actions keys = new Actions(browser.driver());
        keys.sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_UP).perform();
        assertThat(browser.find("#map-cell").getText()).contains("σw² = 2, ", "L = 10", "= 1.04 [1.03, 1.05]");
        keys.sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT).perform();
        assertThat(browser.find("#map-cell").getText()).contains("σw² = 4");
    }

    @Test
    void everyControlIsReachedByTabAndNamed() {
        open("focus", Tables.varianceGrid());
        assertThat(browser.all("select, input"))
                .allSatisfy(box -> assertThat(box.getAccessibleName()).isNotBlank());
        assertThat(browser.all("button"))
                .allSatisfy(button -> assertThat(button.getAccessibleName()).isNotBlank());
        assertThat(browser.find("#map-chart").getDomAttribute("aria-label")).contains("𝔼[Θ(x, x)²]");
        assertThat(browser.find("#curves-chart").getDomAttribute("aria-label")).contains("lines");
        long wanted =
                (Long) browser.run("return document.querySelectorAll('a[href], button:not(:disabled), select, input,"
                        + " [tabindex=\"0\"]').length");
        Actions keys = new Actions(browser.driver());
        for (int k = 0; k < wanted; k++) {
            keys.sendKeys(Keys.TAB);
        }
        browser.run("window.reached = new Set(); addEventListener('focusin', e => reached.add(e.target))");
        keys.perform();
        assertThat((Long) browser.run("return reached.size")).isEqualTo(wanted);
        // The control in use keeps the focus when its section is drawn again.
        browser.labelled("#map-controls", "logarithmic colours")
                .findElement(By.tagName("input"))
                .sendKeys(Keys.SPACE);
        assertThat(browser.driver().switchTo().activeElement().getDomProperty("checked"))
                .isEqualTo("true");
    }

    @Test
    void theTableSortsTurnsPagesAndDownloads() throws Exception {
        open("table", Tables.varianceGrid());
        assertThat(browser.find("#table-range").getText()).isEqualTo("Rows 1 to 25 of 80.");
        heading("ratio").click();
        assertThat(browser.find("#table th[aria-sort]").getDomAttribute("aria-sort"))
                .isEqualTo("ascending");
        assertThat(column("ratio ▲")).startsWith("1.002", "1.002");
        heading("ratio ▲").click();
        assertThat(browser.find("#table th[aria-sort]").getDomAttribute("aria-sort"))
                .isEqualTo("descending");
        assertThat(column("ratio ▼")).startsWith("1.64", "1.64", "1.48", "1.48");
        assertThat(browser.driver().switchTo().activeElement().getText()).isEqualTo("ratio ▼");
        browser.find("#next").click();
        assertThat(browser.find("#table-range").getText()).isEqualTo("Rows 26 to 50 of 80.");
        browser.select("#table-controls", "rows").selectByVisibleText("100");
        assertThat(browser.all("#table tbody tr")).hasSize(80);

        browser.find("#download").click();
        Path file = folder.resolve("table.csv");
        for (int k = 0; k < 400 && !Files.exists(file); k++) {
            Thread.sleep(50);
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(81);
        assertThat(lines.get(0)).startsWith("activation,sigma_w2,sigma_b2,depth,width,status,method,ratio");
        // As sorted, and every digit.
        double ratio = 1 + 4.0 * 80 / (10 * 50);
        assertThat(lines.get(1))
                .isEqualTo("tanh,4,1,80,50,ok,chain," + ratio + "," + 0.99 * ratio + "," + 1.01 * ratio + ",1,0.5");
    }

    private static WebElement heading(String name) {
        return browser.all("#table thead button").stream()
                .filter(button -> button.getText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> column(String name) {
        List<String> headings =
                browser.all("#table thead th").stream().map(WebElement::getText).toList();
        return browser.all("#table tbody td:nth-child(" + (headings.indexOf(name) + 1) + ")").stream()
                .map(WebElement::getText)
                .toList();
    }

    @Test
    void theResultFollowsTheTolerance() {
        open("result", Tables.varianceGrid());
        assertThat(browser.find("#networks").getText())
                .contains("For tanh at M = 200, σb² = 1, ", "the kernel may be treated as deterministic");
        String before = browser.find("#kinds").getText();
        browser.select("#tolerance", "deterministic: standard deviation of the kernel at most … of its mean")
                .selectByVisibleText("50 %");
        assertThat(browser.find("#kinds").getText()).isNotEqualTo(before).contains("ReLU, M = 200");
        assertThat(browser.find("#facts").getText()).contains("80", "all ok", "40 s", "7");
        assertThat(browser.find("#manifest").getText()).contains("quantity: variance");
    }

    @Test
    void snapshotsDivergedFailedAndMissingCells() {
        open("change", Tables.changeGrid());
        assertThat(browser.find("#facts").getText()).contains("9 of 10", "1 diverged", "1 failed", "7 ok");
        assertThat(browser.find("#map-key").getText())
                .contains("learning rate", "border between ordered and chaotic phase")
                .contains("✕ diverged", "– failed");
        Map<String, Object> end = browser.picture("#map-chart");
        browser.select("#map-controls", "after").selectByVisibleText("10 steps");
        assertThat(browser.picture("#map-chart")).isNotEqualTo(end);
        browser.select("#map-controls", "quantity").selectByVisibleText("kernel changes");
        browser.select("#map-controls", "entry").selectByVisibleText("1");
        browser.run("document.getElementById('map-chart').focus()");
        assertThat(browser.find("#map-cell").getText()).contains("kernel changes, entry 1 = 0.027");
    }

    @Test
    void darkModeIsDarkAndPicturesFollow() {
        open("dark", Tables.varianceGrid());
        Map<String, Object> light = browser.picture("#curves-chart");
        browser.find("#theme").click();
        assertThat(browser.find("#theme").getDomAttribute("aria-pressed")).isEqualTo("true");
        String background = browser.find("body").getCssValue("background-color");
        assertThat(background).contains("20, 23, 27");
        assertThat(browser.picture("#curves-chart")).isNotEqualTo(light);
        browser.find("#theme").click();
        assertThat(browser.picture("#curves-chart")).isEqualTo(light);
        browser.driver()
                .executeCdpCommand(
                        "Emulation.setEmulatedMedia",
                        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
        browser.waitUntil("return document.documentElement.dataset.theme === 'dark'");
        browser.driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
    }

    @Test
    void aPhoneScrollsDownOnly() {
        open("phone", Tables.varianceGrid());
        browser.driver()
                .executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", 375, "height", 700, "deviceScaleFactor", 2, "mobile", true));
        browser.waitUntil("return innerWidth === 375 && document.querySelector('#map-chart canvas').clientWidth < 375");
        assertThat((Boolean) browser.run("return document.documentElement.scrollWidth <= innerWidth"))
                .isTrue();
        browser.driver().executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    @Test
    void hostileTextsStayTexts() {
        Path page = folder.resolve("hostile.html");
        RunPage.of(RunPageTest.hostile(), RunPageTest.HOSTILE, RunPageTest.HOSTILE)
                .write(page);
        browser.open(page);
        browser.run("document.getElementById('map-chart').focus()");
        assertThat(browser.find("#map-cell").getText()).contains("</script><script>window.hacked");
        assertThat(browser.find("h1").getText()).startsWith("</script><script>window.hacked = 1</script><!--");
        assertThat(browser.find("#manifest").getText()).contains("<img src=x onerror=");
        assertThat(browser.all("img")).isEmpty();
        assertThat(browser.run("return window.hacked ?? null")).isNull();
    }

    @Test
    void aRunOfOneCellAndOneWithoutAnyHavePages() {
        SweepRow one = Tables.row(Activations.RELU, 1.0, 10, 50, "exact", 1.5, 1.5, 1.5, 0L);
        open("one", Tables.variance(List.of(one)));
        assertThat(browser.find("#map").isDisplayed()).isFalse();
        assertThat(browser.find("#curves").isDisplayed()).isFalse();
        assertThat(browser.all("#table tbody tr")).hasSize(1);
        open("none", new FinishedCells("variance", 5, Tables.manifest(), Tables.VARIANCE, List.of()));
        assertThat(browser.find("#facts").getText()).contains("0 of 5");
        assertThat(browser.find("#reading").getText()).contains("5 cells are not computed yet");
        assertThat(browser.find("#table-range").getText()).isEqualTo("No cell is finished.");
    }

    @Test
    void tenThousandCellsStaySmallAndOpenFast() throws Exception {
        Grid grid = new Grid(
                List.of(Activations.RELU),
                List.of(1.0),
                List.of(50, 100, 200, 400),
                Grid.range(0.1, 5.0, 0.1),
                Grid.range(1, 50, 1));
        SweepSpec spec = SweepSpec.of(Quantity.of("variance", Map.of()), grid, 0);
        Path page = folder.resolve("large.html");
        try (RunFile run = RunFile.create(folder.resolve("large.db"), spec, Map.of("version", "1.0"))) {
            spec.compute(run, Engine.single(Backend.pureJava()), Progress.NONE, () -> false);
            RunPage.of(run, "large", "ntk report large.db").write(page);
        }
        assertThat(Files.size(page)).isLessThan(8_000_000);
        browser.driver().executeCdpCommand("Performance.enable", Map.of());
        browser.open(page);
        assertThat(browser.find("#facts").getText()).contains("10000");
        // The time of the page's thread alone: what a reader waits for on a machine that does nothing else.
        double busy = browser.threadSeconds();
        assertThat(busy).isPositive().isLessThan(3);
        Number load = (Number) browser.run("return performance.getEntriesByType('navigation')[0].loadEventEnd");
        System.out.printf(
                "10,000 cells: %.2f MB, loaded in %.2f s, of which busy %.2f s%n",
                Files.size(page) / 1e6, load.doubleValue() / 1000, busy);
    }
}
