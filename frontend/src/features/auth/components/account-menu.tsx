/** The initials at the right of the header. What they open is fetched when a pointer or the focus comes near. */
import { useQuery } from "@tanstack/react-query";
import { type ComponentProps, lazy, Suspense, useState } from "react";
import { meQuery } from "../api/auth";

const load = () => import("./account-popup");
const AccountPopup = lazy(async () => ({ default: (await load()).AccountPopup }));

export function AccountMenu() {
  const name = useQuery(meQuery).data?.username ?? "";
  const [wanted, setWanted] = useState(false);
  const nearby = () => void load();
  const closed = <Initials name={name} onPointerEnter={nearby} onFocus={nearby} onClick={() => setWanted(true)} />;
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <AccountPopup name={name} trigger={<Initials name={name} />} />
    </Suspense>
  );
}

function Initials({ name, ...rest }: ComponentProps<"button"> & { name: string }) {
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={`Account of ${name}, ${name.slice(0, 2)}`}
      className="ml-1 grid size-[26px] shrink-0 place-items-center rounded-full border border-line-strong bg-raised font-semibold text-[10.5px] text-muted uppercase hover:text-text pointer-coarse:size-11"
      {...rest}
    >
      {name.slice(0, 2)}
    </button>
  );
}
