// Numbers and moments in words. Intl would do it, and take 25 ms to begin with.

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

// 102,400
export const thousands = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

export const plural = (count, one, many = `${one}s`) => `${thousands(count)} ${count === 1 ? one : many}`;

const two = (number) => String(number).padStart(2, "0");

// 6:12, on the clock of whoever looks
export const clock = (when) => `${when.getHours()}:${two(when.getMinutes())}`;

// 6:12 on the edition's own day, else Mon 6:12
export function moment(when, day) {
  const today = `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}` === day;
  return today ? clock(when) : `${DAYS[when.getDay()].slice(0, 3)} ${clock(when)}`;
}

// Monday 23 November; a *day* is a date without a time
export function longDay(day) {
  const date = new Date(day);
  return `${DAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

// 23 Nov
export const shortDay = (when) => `${when.getDate()} ${MONTHS[when.getMonth()].slice(0, 3)}`;
