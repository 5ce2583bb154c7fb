/** A titled part of a settings page: its title, one line on what it is for, and what can be set. */
import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  about?: ReactNode;
  /** At the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
}

export function Section({ title, about, actions, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="border-line border-t py-6 first-of-type:border-t-0 first-of-type:pt-0">
      <div className="mb-3 flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 id={id} className="font-semibold text-[16px]">
            {title}
          </h2>
          {about && <p className="mt-1 max-w-prose text-pretty text-muted">{about}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
