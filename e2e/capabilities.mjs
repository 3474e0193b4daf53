// One side declares what it can do, the other what it lacks; both see the match, and one turns it into an offer.

const CAPABILITY = {
  'title-en': 'Gauge-changing works', 'title-fa': 'کارخانهٔ تغییر عرض خط',
  description: 'Bogies for 1435 and 1520 mm track, 60 sets a year.\nDelivery within nine months.',
  achievement: 'Four border stations have worked with them since 2019.',
};
const NEED = {
  'title-en': 'Gauge-changing equipment', 'title-fa': 'تجهیزات تغییر عرض خط',
  description: '۴۰ دست تجهیزات تغییر عرض خط برای واگن‌های باری در ایستگاه مرزی.',
};

async function space(page) {
  await page.click('nav a[href$="/spaces"]');
  await page.click('.row a.title');
  return page.url();
}

async function declare({ check, sign }, page, home, sort, field, words) {
  await page.goto(`${home}/capabilities`);
  await check(page, `register-before-${sort}`);
  await page.click(`a[href$="/declare/${sort}"]`);
  await page.click('button[value=preview]');
  await check(page, `declare-${sort}-faults`);
  for (const [name, text] of Object.entries(words)) await page.fill(`[name=${name}]`, text);
  await page.selectOption('[name=field]', field);
  await sign(page, `declare-${sort}`);
  await page.click('a.first');
  await check(page, `declaration-${sort}`);
  return page.url();
}

export async function capabilities(tools, roads, railway) {
  const { check, sign, until, problems } = tools;
  const homes = [await space(roads), await space(railway)];
  const need = await declare(tools, railway, homes[1], 'need', '2.3', NEED);
  await declare(tools, roads, homes[0], 'capability', '2', CAPABILITY);
  for (const page of [roads, railway]) {
    await page.goto(page.url().replace(/\/declarations\/.*/, '/matches'));
    await until(page, '.match');
    await check(page, 'matches');
  }
  await roads.goto(`${homes[0]}/capabilities?sort=need`);
  await check(roads, 'register');
  if ((await roads.locator('.rows .row').count()) !== 1) problems.push('the register is not filtered');
  await roads.goBack();
  await roads.click('a[href*="/offer?capability="]');
  await check(roads, 'offer-from-match');
  for (const [field, typed] of [['day', '20'], ['month', '3'], ['year', '2028'], ['zone', 'Asia/Tehran']]) {
    await roads.fill(`[name=${field}]`, typed);
  }
  await roads.check('[name=reckoning][value=gregorian]');
  await sign(roads, 'offer-from-match');
  await roads.click('a.first');
  await check(roads, 'offered-from-match');
  await railway.goto(need);
  await railway.click('a[href$="/correct"]');
  await railway.fill('[name=description]', `${NEED.description}\nتحویل تا پایان سال.`);
  await railway.fill('[name=reason]', 'نیاز فصل آینده روشن شد.');
  await sign(railway, 'correct');
  await railway.click('a.first');
  await check(railway, 'corrected');
  await railway.click('a[href$="/withdraw"]');
  await sign(railway, 'withdraw', 'از جای دیگری فراهم شد.');
  await railway.click('a.first');
  await check(railway, 'withdrawn');
  await railway.goto(`${homes[1]}/capabilities`);
  await check(railway, 'register-after');
  await railway.goto(need.replace(/\/declarations\/.*/, '/matches'));
  await check(railway, 'matches-none');
}
