/** The gear in the header, which leads administrators to what only they see. Nobody else has it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Settings } from "lucide-react";
import { buttonStyle } from "@/components/ui/button";
import { meQuery } from "../api/auth";

export function AdminLink() {
  if (!useQuery(meQuery).data?.admin) return null;
  return (
    <>
      <Link
        to="/admin/$section"
        params={{ section: "overview" }}
        aria-label="Administration"
        title="Administration"
        className={buttonStyle({ look: "quiet", size: "icon" })}
      >
        <Settings aria-hidden />
      </Link>
      <span className="mx-1 h-5 w-px bg-line" aria-hidden />
    </>
  );
}
