// The desk in a real browser. Two nodes of `peygir demo first`: one side works in English, the other in Persian, through the
// whole job. Every page is held to axe's rules, fits a phone, asks for nothing from elsewhere and runs nothing that
// others wrote.
//
//   cargo build --release && npm ci && npm start            (PEYGIR and CHROMIUM name other programs, SHOTS a folder)

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { capabilities } from './capabilities.mjs';

const PROGRAM = process.env.PEYGIR ?? new URL('../target/release/peygir', import.meta.url).pathname;
const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';
const AXE = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const PAYLOAD = '<img src=x onerror=alert(1)><script>alert(2)</script>"\'';
const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1200, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 360, height: 740 } },
];

const problems = [];
const seen = new Set();

/** Starts the demo and gives how to sign in: `links[side][language]`, `links[side].name`, `links[side].passphrase`. */
async function start() {
  const demo = spawn(PROGRAM, ['demo', 'first'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const links = [];
  for await (const line of createInterface({ input: demo.stdout })) {
    const link = line.match(/(http:\/\/\S+\/(en|fa)\/sign-in)/);
    const who = line.match(/as (.+), with the passphrase (\S+)/);
    if (line.includes('hears peers at')) links.push({});
    if (link) links.at(-1)[link[2]] = link[1];
    if (who) Object.assign(links.at(-1), { name: who[1], passphrase: who[2] });
    if (line.startsWith('ctrl-c')) return { demo, links };
  }
  throw new Error('the demo ended before it printed its links');
}

/** What must hold of whatever page is open, in every look. */
async function check(page, name) {
  const { lang, dir } = await page.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir }));
  if (dir !== (lang === 'fa' ? 'rtl' : 'ltr')) problems.push(`${name}: ${lang} runs ${dir}`);
  for (const look of LOOKS) {
    await page.emulateMedia({ colorScheme: look.colorScheme });
    await page.setViewportSize(look.viewport);
    const label = `${name}-${lang}-${look.colorScheme}-${look.viewport.width}`;
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${label}.png`, fullPage: true });
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wider > 0) problems.push(`${label}: ${wider} pixels wider than the screen`);
    const found = await page.evaluate(`${AXE}; axe.run(document, { resultTypes: ['violations'] })`);
    for (const { id, nodes } of found.violations) problems.push(`${label}: ${id}: ${nodes[0].html.slice(0, 120)}`);
    seen.add(label);
  }
}

async function open(browser, side, language) {
  const link = side[language];
  const page = await (await browser.newContext()).newPage();
  const home = new URL(link).origin;
  page.on('request', (request) => request.url().startsWith(home) || problems.push(`asked for ${request.url()}`));
  page.on('dialog', (dialog) => (problems.push(`ran: ${dialog.message()}`), dialog.dismiss()));
  page.on('console', (said) => said.type() === 'error' && !/40[139]|422/.test(said.text()) && problems.push(said.text()));
  page.on('pageerror', (why) => problems.push(`failed: ${why.message}`));
  await page.goto(link);
  await check(page, 'sign-in');
  await page.fill('[name=name]', side.name);
  await page.fill('[name=passphrase]', 'not the passphrase');
  await page.click('main button');
  await check(page, 'sign-in-wrong');
  await page.fill('[name=passphrase]', side.passphrase);
  await page.click('main button');
  await page.waitForURL('**/inbox');
  page.passphrase = side.passphrase;
  return page;
}

/** Fills in the form that is open, reads what would be signed, signs it. */
async function sign(page, name, note) {
  if (note) await page.fill('[name=note]', note);
  await check(page, `${name}-form`);
  await page.click('button[value=preview]');
  await check(page, `${name}-preview`);
  await page.fill('[name=passphrase]', page.passphrase);
  await page.click('button[value=sign]');
  await page.waitForURL('**/signed/**');
  await check(page, `${name}-signed`);
}

/** Invites an officer, who chooses a passphrase in a browser of their own. */
async function invite(browser, page, language) {
  await page.click('nav a[href$="/people"]');
  await page.fill('section [name=name]', `Officer ${language}`);
  await page.check('[name=role][value=officer]');
  await page.fill('#passphrase', page.passphrase);
  await page.click('button.first');
  await check(page, 'people-invited');
  const link = await page.textContent('.note .long bdi');
  const guest = await (await browser.newContext()).newPage();
  await guest.goto(link);
  await guest.fill('[name=passphrase]', 'short');
  await guest.click('main button');
  await check(guest, 'invitation-faults');
  await guest.fill('[name=passphrase]', 'a long enough passphrase');
  await guest.fill('[name=again]', 'a long enough passphrase');
  await guest.click('main button');
  await guest.waitForURL('**/inbox');
  if (await guest.locator('nav a[href$="/people"]').count()) problems.push('an officer is shown the page of people');
  await guest.click('.tools a[href$="/sessions"]');
  await check(guest, 'sessions');
  await page.goto(page.url().replace(/people.*/, 'people'));
  await page.click('summary');
  await check(page, 'people');
}

async function until(page, selector) {
  for (let tries = 0; tries < 60; tries += 1) {
    await page.reload();
    if (await page.locator(selector).count()) return;
    await page.waitForTimeout(500);
  }
  throw new Error(`${selector} never came on ${page.url()}`);
}

async function offerWithFaults(page) {
  await page.click('nav a[href$="/spaces"]');
  await page.click('.row a.title');
  await check(page, 'space');
  const space = page.url();
  for (const part of ['log', 'commitments']) {
    await page.goto(`${space}/${part}`);
    await check(page, part);
  }
  await page.goto(`${space}/offer`);
  await page.fill('[name=title-en]', PAYLOAD);
  for (const [field, typed] of [['day', '۳۰'], ['month', '۱۲'], ['year', '۱۴۰۷'], ['zone', 'Asia/Tehran']]) {
    await page.fill(`[name=${field}]`, typed);
  }
  await page.check('[name=reckoning][value=jalali]');
  await page.click('button[value=preview]');
  await check(page, 'faults');
  const focus = await page.evaluate(() => document.activeElement.className);
  if (focus !== 'faults') problems.push(`the summary of faults has no focus, but ${focus}`);
  if ((await page.inputValue('[name=title-en]')) !== PAYLOAD) problems.push('what was typed is lost');
  await page.fill('[name=day]', '۲۹');
  await page.fill('[name=deliverable]', PAYLOAD);
  await page.click('button[value=preview]');
  await page.fill('[name=passphrase]', page.passphrase);
  await page.click('button[value=sign]');
  await page.waitForURL('**/signed/**');
  await page.click('a.first');
  await check(page, 'offered');
}

/** Comments, files and erasures beside a commitment; the private desk of it; search. */
async function beside(page, commitment, language, words) {
  await page.goto(commitment);
  await page.click('a[href$="/comment"]');
  await sign(page, 'comment', `${words} ${PAYLOAD}`);
  await page.goto(commitment);
  await page.click('a[href$="/attach"]');
  await page.click('button[value=preview]');
  await check(page, 'attach-faults');
  const file = { name: '<img src=x onerror=alert(3)>.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(4)"/>') };
  await page.setInputFiles('#file', file);
  await sign(page, 'attach', words);
  await page.goto(commitment);
  await check(page, 'commitment-beside');
  const [saved] = await Promise.all([page.waitForEvent('download'), page.click('a[download]')]);
  if (!/svg$/.test(saved.suggestedFilename())) problems.push(`saved as ${saved.suggestedFilename()}`);
  await page.goto(new URL(await page.locator('a[href$="/erase"]').first().getAttribute('href'), commitment).href);
  await sign(page, 'erase', words);
  await page.goto(`${commitment}/private`);
  await page.fill('[name=note]', `${words} ${PAYLOAD}`);
  await page.click('button[value=note]');
  await page.selectOption('#person', { index: 1 });
  await page.click('button[value=assign]');
  await check(page, 'private');
  await page.goto(new URL(`/${language}/search?q=${encodeURIComponent(words)}`, commitment).href);
  await check(page, 'search');
  if (!(await page.locator('.row').count())) problems.push(`${words} is not found in ${language}`);
}

/** A draft is kept and found; several answers are given in one go; the stocktake. */
async function desk(page, language, space) {
  await page.goto(`${space}/offer`);
  await page.fill('[name=title-en]', `Draft ${PAYLOAD}`);
  await page.click('button[value=keep]');
  await check(page, 'drafts');
  await page.goto(new URL(`/${language}/inbox`, space).href);
  await check(page, 'inbox-full');
  await page.goto(new URL(`/${language}/answers`, space).href);
  await check(page, 'answers');
  await page.click('button[value=all]');
  await page.click('button[value=preview]');
  await check(page, 'answers-preview');
  await page.fill('[name=passphrase]', page.passphrase);
  await page.click('button[value=sign]');
  await check(page, 'answers-signed');
  await page.goto(new URL(`/${language}/stocktake`, space).href);
  await check(page, 'stocktake');
}

async function work(browser, links) {
  const [roads, railway] = [await open(browser, links[0], 'en'), await open(browser, links[1], 'fa')];
  await check(roads, 'inbox');
  await check(railway, 'inbox');
  await railway.click('.row a.title');
  await check(railway, 'commitment');
  await railway.click('a[href*="/report?"]');
  await sign(railway, 'report', 'تحویل شد');
  await until(roads, '.tag.reported');
  await roads.click('.row a.title');
  const commitment = roads.url();
  await roads.click('a[href*="/dispute?"]');
  await roads.click('button[value=preview]');
  await check(roads, 'dispute-faults');
  await roads.goto(commitment);
  await roads.click('a[href*="/confirm?"]');
  await sign(roads, 'confirm');
  await railway.click('a.first');
  await until(railway, '.tag.confirmed');
  await check(railway, 'confirmed');
  const mirrored = railway.url();
  await beside(roads, commitment, 'en', 'loading plan');
  await beside(railway, mirrored, 'fa', 'طرح بارگیری');
  const space = {};
  for (const [page, language] of [[railway, 'fa'], [roads, 'en']]) {
    await offerWithFaults(page);
    await page.goto(new URL(`/${language}/spaces`, page.url()).href);
    space[language] = new URL(await page.getAttribute('.row a.title', 'href'), page.url()).href;
  }
  for (const [page, language] of [[railway, 'fa'], [roads, 'en']]) {
    await page.goto(new URL(`/${language}/inbox`, page.url()).href);
    await until(page, '.box.answer:not(.none)');
    await desk(page, language, space[language]);
  }
  await capabilities({ check, sign, until, problems }, roads, railway);
  await invite(browser, roads, 'en');
  await invite(browser, railway, 'fa');
  await roads.click('.tools button');
  await roads.goto(commitment);
  if (await roads.locator('.top nav').count()) problems.push('a page was shown after signing out');
  await check(roads, 'entrance');
}

const { demo, links } = await start();
const browser = await chromium.launch({
  executablePath: BROWSER,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  await work(browser, links);
} finally {
  await browser.close();
  demo.kill('SIGINT');
  await once(demo, 'exit');
}
for (const problem of problems) console.error(problem);
console.log(`${seen.size} views looked at, ${problems.length} problems`);
process.exitCode = problems.length ? 1 : 0;
