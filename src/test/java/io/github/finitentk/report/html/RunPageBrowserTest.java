package io.github.finitentk.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepRow.Status;
import io.github.finitentk.model.Activations;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
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
import org.w3c.dom.Document;

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
        assertThat(browser.words("#map-chart")).contains("M = 50", "tanh", "ReLU", "χ₁ = 1", "heavy tail");
        browser.select("#map-controls", "a panel for each").selectByVisibleText("hidden width M");
        assertThat(browser.words("#map-chart"))
                .contains("tanh", "M = 50", "M = 200")
                .doesNotContain("ReLU");
        browser.select("#map-controls", "activation").selectByVisibleText("ReLU");
        assertThat(browser.words("#map-chart"))
                .contains("ReLU", "M = 50", "M = 200")
                .doesNotContain("tanh");
        browser.select("#map-controls", "a panel for each").selectByVisibleText("one panel only");
        assertThat(browser.words("#map-chart")).contains("ReLU, M = 50").doesNotContain("M = 200");
        browser.select("#map-controls", "colours").selectByVisibleText("the paper's");
        assertThat(browser.picture("#map-chart")).isNotEqualTo(map);
        assertThat(browser.words("#map-chart")).contains("2.5");
        browser.labelled("#map-controls", "logarithmic colours").click();
        assertThat(browser.words("#map-chart")).doesNotContain("2.5");

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
        assertThat(colourOfCell(0, 0)).isEqualTo(shade(1.01));
        assertThat(colourOfCell(3, 4)).isEqualTo(shade(1.64));
        // One more step leads into the panel beside it: ReLU at the same width, on the same scale.
        assertThat(colourOfCell(1, 0)).isEqualTo(shade(1.16));
        assertThat(browser.find("#map-cell").getText()).contains("ReLU", "σw² = 1", "L = 80");
    }

    /** Of the cell that so many arrows lead to. */
    private static String colourOfCell(int right, int up) {
        WebElement chart = browser.find("#map-chart");
        new Actions(browser.driver()).scrollToElement(chart).perform();
        browser.run("document.getElementById('map-chart').focus()");
        Actions keys = new Actions(browser.driver());
        IntStream.range(0, right).forEach(k -> keys.sendKeys(Keys.ARROW_RIGHT));
        IntStream.range(0, up).forEach(k -> keys.sendKeys(Keys.ARROW_UP));
        keys.perform();
        return (String) browser.run("""
            const cell = document.querySelector('#map-chart .cursor rect').getBoundingClientRect();
            // Off the centre, where a sign may stand.
            return document.elementsFromPoint(cell.x + 0.3 * cell.width, cell.y + 0.3 * cell.height)
              .find(part => part.tagName === 'path' && part.getAttribute('fill') !== 'none').getAttribute('fill');
            """);
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
        // A cell in the middle, and the last one, whose tip has least room.
        for (String right : List.of("ArrowLeft", "ArrowRight")) {
            browser.run("document.getElementById('map-chart').focus()");
            for (int k = 0; k < 8; k++) {
                browser.find("#map-chart").sendKeys(right.equals("ArrowLeft") ? Keys.ARROW_LEFT : Keys.ARROW_RIGHT);
            }
            new Actions(browser.driver())
                    .scrollToElement(chart)
                    .moveToElement(
                            chart.findElement(By.cssSelector(".cursor rect")), right.equals("ArrowLeft") ? 3 : 40, 3)
                    .perform();
            browser.waitUntil("return document.querySelector('#map .tip').hidden === false");
            String tip = browser.find("#map .tip").getText();
            assertThat(tip)
                    .contains(
                            right.equals("ArrowLeft") ? "tanh" : "ReLU",
                            "L = ",
                            "M = 50",
                            "method: draws of one input's")
                    .contains("𝔼[Θ(x, x)²] / 𝔼[Θ(x, x)]² = 1.");
            assertThat((Boolean) browser.run("""
                const tip = document.querySelector('#map .tip');
                const [inner, outer] = [tip, tip.parentElement].map(box => box.getBoundingClientRect());
                return inner.left >= outer.left - 1 && inner.right <= outer.right + 1 && inner.top >= outer.top - 1
                  && inner.bottom <= outer.bottom + 1 && tip.scrollWidth <= tip.clientWidth;
                """)).isTrue();
        }
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
        // Over the edge of one panel into the next.
        assertThat(browser.find("#map-cell").getText()).contains("ReLU, σw² = 1", "L = 10");
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
        assertThat(browser.words("#map-chart"))
                .contains("learning rate", "border between ordered and chaotic phase")
                .contains("diverged", "failed");
        Map<String, Object> end = browser.picture("#map-chart");
        browser.select("#map-controls", "after").selectByVisibleText("10 steps");
        assertThat(browser.picture("#map-chart")).isNotEqualTo(end);
        browser.select("#map-controls", "quantity").selectByVisibleText("kernel changes");
        browser.select("#map-controls", "at").selectByVisibleText("network 1");
        browser.run("document.getElementById('map-chart').focus()");
        assertThat(browser.find("#map-cell").getText()).contains("kernel changes, network 1 = 0.027");
    }

    @Test
    void picturesAreSavedAsTheyAreShown() throws Exception {
        open("saved", Tables.varianceGrid());
        browser.select("#map-controls", "hidden width M").selectByVisibleText("200");
        save("#map-controls", "Save SVG");
        Document svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(downloaded("saved-map.svg").toFile());
        assertThat(svg.getDocumentElement().getAttribute("width")).isEqualTo("170mm");
        assertThat(svg.getDocumentElement().getTextContent())
                .contains(
                        "M = 200", "tanh", "ReLU", "weight variance σw²", "number of weight layers L", "χ₁ = 1", "2.5");
        assertThat(svg.getElementsByTagName("image").getLength()).isZero();
        save("#curves-controls", "Save SVG");
        assertThat(Files.readString(downloaded("saved-curves.svg"))).contains("M = 50</tspan>", "exact moments");
        save("#map-controls", "Save PNG");
        BufferedImage png = ImageIO.read(downloaded("saved-map.png").toFile());
        // 170 mm at 600 dots to the inch.
        assertThat(png.getWidth()).isBetween(4010, 4020);
        // On white, and with the colours of the map.
        assertThat(png.getRGB(2, 2)).isEqualTo(0xffffffff);
        assertThat(IntStream.range(0, png.getWidth())
                        .map(x -> png.getRGB(x, png.getHeight() / 3))
                        .distinct()
                        .count())
                .isGreaterThan(8);
    }

    private static void save(String place, String words) {
        browser.all(place + " button").stream()
                .filter(button -> button.getText().equals(words))
                .findFirst()
                .orElseThrow()
                .click();
    }

    private static Path downloaded(String name) throws InterruptedException {
        Path file = folder.resolve(name);
        for (int k = 0; k < 400 && !Files.exists(file); k++) {
            Thread.sleep(50);
        }
        return file;
    }

    @Test
    void theViewIsInTheAddress() {
        open("view", Tables.varianceGrid());
        assertThat(browser.run("return location.hash")).isEqualTo("");
        browser.select("#map-controls", "a panel for each").selectByVisibleText("hidden width M");
        browser.select("#map-controls", "activation").selectByVisibleText("ReLU");
        browser.select("#map-controls", "colours").selectByVisibleText("the paper's");
        browser.labelled("#map-controls", "logarithmic L").click();
        WebElement to = browser.labelled("#map-controls", "colours to").findElement(By.tagName("input"));
        to.sendKeys("2.5", Keys.TAB);
        browser.select("#curves-controls", "along").selectByVisibleText("depth over width L/M");
        browser.select("#tolerance", "deterministic: standard deviation of the kernel at most … of its mean")
                .selectByVisibleText("50 %");
        String fragment = (String) browser.run("return location.hash");
        assertThat(fragment)
                .contains("map.panels=width", "map.activation=relu", "map.style=paper", "map.logup=1", "map.to=2.5")
                .contains("result.tolerance=50")
                .doesNotContain("curves.quantity");
        Map<String, Object> map = browser.picture("#map-chart");
        Map<String, Object> curves = browser.picture("#curves-chart");
        // A link within the page leaves it as it is.
        browser.find("nav a[href='#cells']").click();
        assertThat(browser.run("return location.hash")).isEqualTo(fragment);

        open("view", Tables.varianceGrid());
        assertThat(browser.picture("#map-chart")).isNotEqualTo(map);
        browser.run("location.hash = arguments[0]", fragment);
        browser.waitUntil("return document.querySelectorAll('#map-chart svg').length === 1"
                + " && document.querySelector('#map-controls select').closest('label') !== null"
                + " && document.getElementById('map-chart').textContent.includes('M = 200')");
        assertThat(browser.picture("#map-chart")).isEqualTo(map);
        assertThat(browser.picture("#curves-chart")).isEqualTo(curves);
        browser.driver().navigate().refresh();
        browser.waitUntil("return document.readyState === 'complete'");
        assertThat(browser.picture("#map-chart")).isEqualTo(map);
        assertThat(browser.find("#view-note").getText()).isEmpty();
    }

    @Test
    void aBrokenAddressShowsTheDefaultAndSaysSo() {
        open("broken", Tables.varianceGrid());
        Map<String, Object> map = browser.picture("#map-chart");
        for (String fragment : List.of(
                "#map.quantity=nonsense&map.from=x",
                "#map.width=77&nothing=1",
                "#curves.hidden=1|2&%%%=%E0",
                "#map.logup=maybe&map.panels=depth&map.style=%3Cb%3E&result.tolerance=")) {
            browser.driver().get("about:blank");
            browser.driver().get(folder.resolve("broken.html").toUri() + fragment);
            browser.waitUntil("return document.readyState === 'complete'");
            assertThat(browser.find("#view-note").getText())
                    .as(fragment)
                    .startsWith("The address asks for a view that this page does not have (");
            assertThat(browser.picture("#map-chart")).as(fragment).isEqualTo(map);
        }
        // The name of a section is none.
        browser.driver().get("about:blank");
        browser.driver().get(folder.resolve("broken.html").toUri() + "#curves");
        browser.waitUntil("return document.readyState === 'complete'");
        assertThat(browser.find("#view-note").getText()).isEmpty();
    }

    @Test
    void limitsThatCannotBeAreRefused() {
        open("limits", Tables.varianceGrid());
        WebElement to = browser.labelled("#map-controls", "colours to").findElement(By.tagName("input"));
        to.sendKeys("0.5", Keys.TAB);
        assertThat(browser.find("#map-note").getText()).contains("Limits from 1 to 0.5 make no scale");
        browser.labelled("#curves-controls", "values to")
                .findElement(By.tagName("input"))
                .sendKeys("1.2", Keys.TAB);
        assertThat(browser.words("#curves-chart")).contains("1.15").doesNotContain("1.5");
    }

    @Test
    void theoryOpensOnTheRatioThatItIsAbout() {
        open("theory", Tables.theoryGrid());
        assertThat(browser.words("#map-chart")).contains("κ₁ / κ₂, c₀ = 0");
        assertThat(browser.labelled("#map-controls", "logarithmic colours")
                        .findElement(By.tagName("input"))
                        .isSelected())
                .isTrue();
        browser.select("#map-controls", "at").selectByVisibleText("c₀ = 0.5");
        browser.run("document.getElementById('map-chart').focus()");
        assertThat(browser.find("#map-cell").getText()).contains("κ₁ / κ₂, c₀ = 0.5 = 2");
        assertThat(browser.find("#table thead").getText()).contains("c₀ = 0, 0.5");
    }

    @Test
    void anEnsembleIsJudged() {
        open("ensemble", Tables.ensembleGrid());
        assertThat(browser.find("#networks").getText())
                .contains("the infinite-width theory may be used for the variance of trained networks");
        assertThat(browser.find("#kinds").getText()).contains("variance as in theory", "2 of 6 cells, from L = 8");
        assertThat(browser.words("#map-chart")).contains("variance, trained / infinite width");
    }

    @Test
    void codesAreSaidInWords() {
        List<Column<?>> columns = List.of(KernelChangeQuantity.CHANGE, Column.text("stopped", "why trainings ended"));
        List<SweepRow> rows = IntStream.of(2, 4)
                .boxed()
                .flatMap(depth -> Stream.of(1.0, 2.0)
                        .map(w -> Tables.row(
                                columns,
                                Status.OK,
                                Activations.TANH,
                                w,
                                depth,
                                50,
                                0.1 * depth,
                                "early-stop 3, max-steps 1")))
                .toList();
        open("stopped", new FinishedCells("kernel_change", Map.of(), 4, Tables.manifest(), columns, rows));
        String words = "3 stopped early, when the loss fell no further; 1 took all the steps allowed";
        assertThat(browser.find("#table tbody").getText()).contains(words);
        browser.run("document.getElementById('map-chart').focus()");
        assertThat(browser.find("#map-cell").getText()).contains(words);
    }

    @Test
    void paperShowsWhatTheScreenShows() {
        open("printed", Tables.varianceGrid());
        browser.select("#map-controls", "hidden width M").selectByVisibleText("200");
        browser.find("#theme").click();
        browser.run("dispatchEvent(new Event('beforeprint'))");
        assertThat(browser.words("#map-chart")).contains("M = 200", "tanh", "ReLU", "2.5", "χ₁ = 1", "heavy tail");
        // The names of lines, which are buttons on the screen.
        assertThat(browser.words("#curves-chart")).contains("M = 50", "M = 200", "95 % interval");
        assertThat(browser.run("return document.querySelector('#map-chart svg').getAttribute('fill')"))
                .isEqualTo("#16191d");
        browser.run("dispatchEvent(new Event('afterprint'))");
        assertThat(browser.find("html").getDomAttribute("data-theme")).isEqualTo("dark");
        assertThat(browser.words("#curves-chart")).doesNotContain("M = 200");
        browser.find("#theme").click();
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
        browser.waitUntil("return innerWidth === 375 && document.querySelector('#map-chart svg').clientWidth < 375");
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
        open("none", new FinishedCells("variance", Map.of(), 5, Tables.manifest(), Tables.VARIANCE, List.of()));
        assertThat(browser.find("#facts").getText()).contains("0 of 5");
        assertThat(browser.find("#reading").getText()).contains("5 cells are not computed yet");
        assertThat(browser.find("#table-range").getText()).isEqualTo("No cell is finished.");
    }

    @Test
    void aHundredThousandCellsStayUsable() throws Exception {
        Path page = page("huge", Tables.hugeGrid());
        assertThat(Files.size(page)).isLessThan(20_000_000);
        browser.driver().executeCdpCommand("Performance.enable", Map.of());
        browser.open(page);
        assertThat(browser.find("#facts").getText()).contains("100000");
        // The time of the page's thread alone: what a reader waits for on a machine that does nothing else.
        double opened = browser.threadSeconds();
        browser.labelled("#map-controls", "logarithmic colours").click();
        double changed = browser.threadSeconds() - opened;
        new Actions(browser.driver())
                .moveToElement(browser.find("#map-chart"), 5, 5)
                .perform();
        browser.waitUntil("return document.querySelector('#map .tip').hidden === false");
        assertThat(opened).isPositive().isLessThan(6);
        assertThat(changed).isLessThan(2);
        System.out.printf(
                "100,000 cells: %.1f MB, busy %.2f s to open and %.2f s for another view%n",
                Files.size(page) / 1e6, opened, changed);
    }
}
