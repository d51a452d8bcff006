"""What brokers and issuers send, one module a layout; `LAYOUTS` lists them in the order in which they are tried."""

from __future__ import annotations

from worksheets.read.brokers import (
    etrade_gains,
    fdx,
    fidelity_1099,
    fidelity_lots,
    ibkr,
    netbenefits,
    ofx,
    robinhood,
    schwab_1099,
    schwab_awards,
    schwab_lots,
    shareworks,
    tdameritrade,
    txf,
)
from worksheets.read.brokers.layout import Layout

LAYOUTS: tuple[Layout, ...] = (
    etrade_gains.CLASSIC,
    etrade_gains.EXPANDED,
    etrade_gains.COLLAPSED,
    schwab_1099.LAYOUT,
    schwab_lots.LAYOUT,
    schwab_awards.LAYOUT,
    fidelity_1099.LAYOUT,
    fidelity_lots.LAYOUT,
    netbenefits.LAYOUT,
    robinhood.LAYOUT,
    ibkr.LAYOUT,
    tdameritrade.LAYOUT,
    txf.LAYOUT,
    ofx.LAYOUT,
    fdx.LAYOUT,
    shareworks.LAYOUT,
)
