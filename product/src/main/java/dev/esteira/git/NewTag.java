package dev.esteira.git;

import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TagBuilder;
import org.eclipse.jgit.revwalk.RevCommit;

/** A tag that is to be made. */
record NewTag(Repository repository, String name, PersonIdent by) {
  NewTag {
    if (!Repositories.isTag(name)) {
      throw EsteiraException.invalid("'" + name + "' is no name of a tag");
    }
  }

  void make(RevCommit commit, Optional<String> message) throws IOException {
    String ref = Constants.R_TAGS + name;
    ObjectId there = repository.resolve(ref + "^{commit}");
    if (commit.equals(there)) {
      return;
    }
    RefUpdate update = repository.updateRef(ref);
    update.setExpectedOldObjectId(ObjectId.zeroId());
    update.setNewObjectId(message.isPresent() ? annotated(commit, message.get()) : commit);
    update.setRefLogIdent(by);
    RefUpdate.Result result = update.update();
    if (result != RefUpdate.Result.NEW) {
      throw EsteiraException.conflict(
          "could not make the tag '%s' of %s, but: %s"
              .formatted(name, commit.name(), result.name()));
    }
  }

  private ObjectId annotated(RevCommit commit, String message) throws IOException {
    TagBuilder tag = new TagBuilder();
    tag.setTag(name);
    tag.setObjectId(commit);
    tag.setTagger(by);
    tag.setMessage(message);
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId id = inserter.insert(tag);
      inserter.flush();
      return id;
    }
  }
}
