"""How Sphinx builds the documentation site; scripts/site calls it with a folder of pages that it has gathered."""

from docutils import nodes
from docutils.utils.math import latex2mathml

project = "Finite NTK"
author = "The Finite NTK project"
copyright = "Apache License 2.0"
extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 4
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Finite NTK"
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
# --out is an option, not a dash.
smartquotes = False
html_static_path = ["static"]
html_css_files = ["site.css"]
# No highlighting is guessed for code that does not say its language.
highlight_language = "none"
# Java's and YAML's snippets are parts of files.
suppress_warnings = ["misc.highlighting_failure"]


def _math(self, node, display):
    """Formulas become MathML here, so that pages need no script and no network to show them."""
    mathml = latex2mathml.tex2mathml(node.astext(), as_block=display)
    self.body.append('<div class="math">%s</div>' % mathml if display else mathml)


def _inline(self, node):
    _math(self, node, False)
    raise nodes.SkipNode


def _display(self, node):
    _math(self, node, True)
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))


html_math_renderer = "mathml"
