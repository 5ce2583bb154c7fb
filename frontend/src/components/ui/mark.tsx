/** The sun and its horizon: the mark, and the icon of a cold start. */
import { cn } from "@/lib/cn";

export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={cn("size-[22px] shrink-0", className)} aria-hidden>
      <rect width="24" height="24" rx="5.5" fill="#171a3d" />
      <path d="M6.2 15.2a5.8 5.8 0 0 1 11.6 0Z" fill="#f5a524" />
      <path d="M4 16.4h16" stroke="#9d9df5" strokeWidth="1.2" strokeLinecap="round" />
      <path d="M8.4 18.6h7.2" stroke="#9d9df5" strokeWidth="1" strokeLinecap="round" opacity=".55" />
    </svg>
  );
}

/** The mark without its tile, large, for the pages before a login; it rises once. */
export function Sunrise({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 140 48" className={cn("h-12 w-[140px]", className)} aria-hidden>
      <defs>
        <linearGradient id="sunrise" x1="0" y1="0" x2="0" y2="1">
          <stop stopColor="#f5a524" />
          <stop offset="1" stopColor="#f58a4a" />
        </linearGradient>
      </defs>
      <path d="M40 36a30 30 0 0 1 60 0Z" fill="url(#sunrise)" className="animate-[sunrise_600ms_ease-out]" />
      <path d="M1 37h138" stroke="var(--sleeping)" strokeWidth="2" strokeLinecap="round" />
      <path d="M36 45h68" stroke="var(--sleeping)" strokeWidth="2" strokeLinecap="round" opacity=".5" />
    </svg>
  );
}

export function SunIcon({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      className={cn("size-3.5 shrink-0", className)}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.2"
      strokeLinecap="round"
      aria-hidden
    >
      <path d="M4.6 10.6a3.4 3.4 0 0 1 6.8 0" />
      <path d="M1 10.8h14M3 13.6h10M8 2.2v2.4M6.7 3.4 8 2.1l1.3 1.3M2.9 6.1l1 .9M13.1 6.1l-1 .9" />
    </svg>
  );
}
