/** /login and /signup: afterwards, on to where the visitor wanted to go. */
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import type { EntryMode } from "@/features/auth/api/auth";
import { EntryPage } from "@/features/auth/components/entry-page";

function useOnward(next: string | undefined) {
  const navigate = useNavigate();
  const router = useRouter();
  return () => (next ? router.history.push(next) : void navigate({ to: "/" }));
}

function Entry({ mode, next }: { mode: EntryMode; next?: string }) {
  return <EntryPage key={mode} mode={mode} next={next} onDone={useOnward(next)} />;
}

export function LoginScreen() {
  const { next } = useSearch({ from: "/login" });
  return <Entry mode="login" next={next} />;
}

export function SignupScreen() {
  const { next } = useSearch({ from: "/signup" });
  return <Entry mode="signup" next={next} />;
}
